// The instruments themselves: a loopback call in one page shows that a room's code is read from decoded pixels, that its tone
// is heard from decoded sound, and that neither is seen or heard where it is not.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { startBrowser } from '../bench/browser.js';
import { eyesSource, hearRooms, moves, readRoom, readRooms } from '../bench/eyes.js';

const PAGE = `<!doctype html><meta charset="utf-8"><title>loopback</title>
<video data-slot="0" autoplay muted playsinline></video><video data-slot="1" autoplay muted playsinline></video>
<audio data-slot="0" autoplay></audio>`;

let server, address, browser, page;

before(async () => {
  server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(PAGE));
  await new Promise((up) => server.listen(0, '127.0.0.1', up));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await startBrowser({ room: 2 });
  page = await browser.newPage();
  await page.addInitScript(eyesSource());
  await page.goto(address);
  await page.mouse.click(5, 5);
});

after(async () => {
  await browser?.close();
  server?.close();
});

test('a room is seen and heard through a call, and only that room', async () => {
  await page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: 640, height: 360 },
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const [out, into] = [new RTCPeerConnection(), new RTCPeerConnection()];
    out.onicecandidate = ({ candidate }) => into.addIceCandidate(candidate);
    into.onicecandidate = ({ candidate }) => out.addIceCandidate(candidate);
    into.ontrack = ({ track }) => {
      const element = document.querySelector(track.kind === 'video' ? 'video' : 'audio');
      element.srcObject = new MediaStream([track]);
    };
    for (const track of stream.getTracks()) out.addTrack(track, stream);
    await out.setLocalDescription();
    await into.setRemoteDescription(out.localDescription);
    await into.setLocalDescription();
    await out.setRemoteDescription(into.localDescription);
    await new Promise((go) => (document.querySelector('video').onplaying = go));
    window.microphone = stream.getAudioTracks()[0];
  });
  const arrived = await page.evaluate(() => window.__eyes.arrival(0, 2, 15_000));
  assert.ok(arrived.picture && arrived.sound, `picture ${arrived.picture}, sound ${arrived.sound}`);
  assert.equal(await readRoom(page, 0), 2);
  assert.deepEqual(await readRooms(page), { 0: 2, 1: 'none' });
  assert.ok(await moves(page, 0), 'the picture stands still');
  assert.deepEqual(await hearRooms(page), [2]);
  await page.evaluate(() => (window.microphone.enabled = false));
  await page.waitForTimeout(1_000);
  assert.deepEqual(await hearRooms(page), []);
  assert.equal(await readRoom(page, 0), 2);
});
