// Devices that know less than a browser of today: rooms with H.264 and nothing else, and rooms whose packets are protected with
// AES-CM only. They are seen and heard like any other.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { afterEach, test } from 'node:test';
import { HALL, SITE, WARD_1 } from '../bench/council.js';
import { eyesSource, hearRooms, loudest } from '../bench/eyes.js';
import { BINARY } from '../bench/hub.js';
import { openDelegate, speaker, until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const program = resolve(process.env.CROWD_BIN ?? join(dirname(BINARY), 'crowd'));
let sitting, crowd;

afterEach(async () => {
  if (crowd && crowd.exitCode === null) {
    const gone = once(crowd, 'exit');
    crowd.kill();
    await gone;
  }
  await sitting?.stop();
});

async function binhSpeaks(options) {
  await sitting.open(options);
  await sitting.invite(await sitting.register('binh'));
  await until('the turn', () => speaker(sitting.chair), (person) => person === 'binh');
}

/* Runs in the page before it loads: this browser has never heard of anything but H.264, and notes its connections. */
function onlyH264() {
  for (const side of [RTCRtpReceiver, RTCRtpSender]) {
    const all = side.getCapabilities.bind(side);
    side.getCapabilities = (kind) => {
      const known = all(kind);
      if (kind === 'video') known.codecs = known.codecs.filter(({ mimeType }) => /h264|rtx/i.test(mimeType));
      return known;
    };
  }
  window.calls = [];
  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(target, words) {
      window.calls.push(Reflect.construct(target, words));
      return window.calls.at(-1);
    },
  });
}

/** The codecs of the pictures that a page decodes. */
const decoded = (page) =>
  page.evaluate(async () => {
    const report = [...(await window.calls.at(-1).getStats()).values()];
    const pictures = report.filter(({ type, kind, framesDecoded }) => type === 'inbound-rtp' && kind === 'video' && framesDecoded > 0);
    return [...new Set(pictures.map(({ codecId }) => report.find(({ id }) => id === codecId)?.mimeType))];
  });

test('rooms that know H.264 only see and hear each other', { timeout: 120_000 }, async () => {
  sitting = await Sitting.start({ rooms: [], tablets: ['binh'] });
  for (const room of [HALL, WARD_1]) await sitting.join(room, { script: `${eyesSource()}(${onlyH264})();` });
  await binhSpeaks();
  await untilSeen(sitting.rooms[HALL], WARD_1);
  await untilSeen(sitting.rooms[WARD_1], HALL);
  await until('the ward in the hall', () => hearRooms(sitting.rooms[HALL]), (heard) => heard.includes(WARD_1));
  for (const page of Object.values(sitting.rooms)) assert.deepEqual(await decoded(page), ['video/H264']);
  assert.deepEqual(sitting.faults(), []);
});

test('rooms whose packets are protected with AES-CM only are seen and heard', { timeout: 120_000 }, async () => {
  sitting = await Sitting.start({ rooms: [], tablets: [] });
  crowd = spawn(program, ['demo', '--old', '--hub', sitting.hub.local, '--delegates', '0', '--seed', '7'], { stdio: 'ignore' });
  await until('three rooms', () => sitting.chair.getByTestId('sites-ready').innerText(), (text) => text.includes('3/3'), 40_000);
  // Whoever comes later has the seat.
  const hall = await sitting.join(HALL);
  sitting.tablets.binh = await openDelegate(sitting.hub, sitting.people, 'binh');
  await binhSpeaks({ byTablet: ['binh'], byThemselves: 5 });
  const stage = hall.locator('video[data-slot="0"]');
  await until('the ward on the stage', () => stage.getAttribute('data-endpoint'), (room) => room === SITE[WARD_1]);
  const frames = () => stage.evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
  const before = await frames();
  await until('pictures of the ward', frames, (now) => now > before + 10);
  await until('speech', () => loudest(hall, 1_000), (most) => most > 0.02, 20_000);
});
