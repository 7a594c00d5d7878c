// One sitting, two makes of browser: the hall and a ward with Chromium, another ward with Firefox, each in a network of its own.
// They see and hear each other through the turns; pixels and tones that were decoded decide.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HALL, WARD_1, WARD_2 } from '../bench/council.js';
import { hearRooms, moves, readRooms } from '../bench/eyes.js';
import { Network } from '../bench/network.js';
import { press, speaker, until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const ROOMS = [HALL, WARD_1, WARD_2];
const networks = {};
let sitting;

before(async () => {
  for (const room of ROOMS) networks[room] = new Network(room);
  const { host } = networks[HALL];
  sitting = await Sitting.start({
    rooms: [],
    tablets: ['ha', 'binh', 'dung'],
    hub: { bind: '0.0.0.0', hosts: [host, '127.0.0.1'] },
  });
  const origin = `https://${host}:${sitting.hub.ports.https}`;
  for (const room of [HALL, WARD_2]) {
    const browser = await sitting.browser({ room, executable: networks[room].namespace.inside('/usr/bin/chromium') });
    await sitting.join(room, { browser, origin });
  }
  await sitting.joinFirefox(WARD_1, { namespace: networks[WARD_1].namespace, origin });
});

after(async () => {
  await sitting?.stop();
  for (const network of Object.values(networks)) await network.remove();
});

const same = (a, b) => JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());

async function hears(room, wanted) {
  await until(`room ${room} hears ${wanted}`, () => hearRooms(sitting.rooms[room], 300), (heard) => same(heard, wanted));
}

test('three rooms of two makes have joined, the roll is taken, the sitting is open', async () => {
  await until('three rooms', () => sitting.chair.getByTestId('sites-ready').innerText(), (text) => text.includes('3/3'));
  await sitting.open();
  await hears(HALL, []);
  for (const ward of [WARD_1, WARD_2]) await hears(ward, [HALL]);
  for (const ward of [WARD_1, WARD_2]) await untilSeen(sitting.rooms[ward], HALL);
});

/** Whether a room's picture moves in some slot; the one it has left stands still. */
async function movesIn(page, room) {
  const slots = Object.entries(await readRooms(page)).filter(([, seen]) => seen === room);
  for (const [slot] of slots) if (await moves(page, slot)) return true;
  return false;
}

for (const [who, room, name] of [
  ['binh', WARD_1, 'Firefox'],
  ['dung', WARD_2, 'Chromium'],
  ['ha', HALL, "the hall's Chromium"],
]) {
  test(`${name} has the floor: its moving picture and its tone in the other rooms`, async () => {
    await sitting.invite(await sitting.register(who));
    await until(`the turn of ${who}`, () => speaker(sitting.chair), (person) => person === who);
    for (const other of ROOMS.filter((one) => one !== room)) {
      await until(`room ${room} moving in room ${other}`, () => movesIn(sitting.rooms[other], room), (moving) => moving);
    }
    for (const listener of ROOMS) await hears(listener, [...new Set([HALL, room])].filter((one) => one !== listener));
    await press(sitting.chair, 'end-turn');
    await until('the end of the turn', () => speaker(sitting.chair), (person) => person === undefined);
  });
}

test('neither make complains', () => {
  assert.deepEqual(sitting.faults(), []);
});
