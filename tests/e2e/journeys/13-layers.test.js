// A browser publishes a camera by WHIP as one stream in layers (VP9 SVC, and AV1 with its dependency descriptor), and players see it
// by WHEP: what is left out or renumbered on the way is judged by a decoder.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { startBrowser } from '../bench/browser.js';
import { HALL, SITE } from '../bench/council.js';
import { BINARY, Hub } from '../bench/hub.js';
import { until } from '../bench/screens.js';

let hub, browser;

afterEach(async () => {
  await browser?.close();
  await hub?.stop();
});

function token(way) {
  // HUB_… variables of whoever runs the tests are settings to a hub.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HUB_')));
  Object.assign(env, { HUB_DATA: join(hub.folder, 'data'), HUB_COUNCIL: join(hub.folder, 'council/council.toml') });
  const made = spawnSync(BINARY, ['token', 'new', way, SITE[HALL], '--label', 'layers'], { env, encoding: 'utf8', cwd: hub.folder });
  assert.equal(made.status, 0, made.stderr);
  return made.stdout.split('\n')[0];
}

/* Runs in the page: publishes a moving picture and views it. */
async function call({ source, publish, view, codec, mode }) {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  setInterval(() => {
    context.fillStyle = `hsl(${performance.now() / 20} 60% 50%)`;
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = '#fff';
    context.fillRect((performance.now() / 4) % 600, 150, 40, 60);
  }, 100);
  const only = (side) => side.getCapabilities('video').codecs.filter(({ mimeType }) => mimeType === `video/${codec}` || /rtx/.test(mimeType));
  const connect = async (connection, way, token) => {
    await connection.setLocalDescription();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' };
    const body = connection.localDescription.sdp;
    const answer = await fetch(`/${way}/current/${source}`, { method: 'POST', headers, body });
    if (answer.status !== 201) throw new Error(await answer.text());
    await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  };
  const publisher = new RTCPeerConnection();
  const [track] = canvas.captureStream(10).getVideoTracks();
  const sent = publisher.addTransceiver(track, { direction: 'sendonly', sendEncodings: [{ scalabilityMode: mode, maxBitrate: 900_000 }] });
  sent.setCodecPreferences(only(RTCRtpSender));
  await connect(publisher, 'whip', publish);
  const player = new RTCPeerConnection();
  const video = Object.assign(document.createElement('video'), { muted: true, autoplay: true });
  player.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
  const seen = player.addTransceiver('video', { direction: 'recvonly' });
  seen.setCodecPreferences(only(RTCRtpReceiver));
  // A player tells larger pictures of AV1 from smaller ones by their descriptors alone, and does not ask for them by itself.
  const extensions = seen.getHeaderExtensionsToNegotiate();
  extensions.filter(({ uri }) => uri.includes('dependency-descriptor')).forEach((one) => (one.direction = 'sendrecv'));
  seen.setHeaderExtensionsToNegotiate(extensions);
  await connect(player, 'whep', view);
  document.body.append(video);
  window.look = async () => {
    const find = async (connection, type) => [...(await connection.getStats()).values()].find((one) => one.type === type && one.kind === 'video');
    const [up, down] = [await find(publisher, 'outbound-rtp'), await find(player, 'inbound-rtp')];
    return { mode: up?.scalabilityMode, height: down?.frameHeight, decoded: down?.framesDecoded ?? 0, dropped: down?.framesDropped, asked: down?.pliCount };
  };
}

for (const [codec, mode] of [['VP9', 'L2T3_KEY'], ['AV1', 'L2T2']]) {
  test(`a camera in layers (${codec}, ${mode}) is seen whole`, { timeout: 90_000 }, async () => {
    hub = await Hub.start();
    browser = await startBrowser();
    const page = await browser.newPage();
    await page.goto(`${hub.local}/`);
    const tokens = { publish: token('--publish'), view: token('--view') };
    await page.evaluate(call, { source: SITE[HALL], codec, mode, ...tokens });
    const look = () => page.evaluate(() => window.look());
    await until('the whole picture', look, ({ height }) => height === 360, 30_000);
    const before = await look();
    assert.equal(before.mode, mode);
    await until('a picture that goes on', look, ({ decoded, height }) => decoded >= before.decoded + 30 && height === 360, 30_000);
    assert.ok((await look()).asked <= before.asked + 1, 'nothing was torn');
  });
}
