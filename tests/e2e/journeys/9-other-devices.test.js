// Devices that know less than a browser of today: rooms with H.264 and nothing else are seen and heard like any other.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { HALL, WARD_1 } from '../bench/council.js';
import { eyesSource, hearRooms } from '../bench/eyes.js';
import { speaker, until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

let sitting;

afterEach(async () => {
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
