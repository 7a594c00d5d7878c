// A whole sitting with a hall, two bridge points and five tablets: what each room decodes proves who is seen and heard before,
// during and after each turn.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HALL, WARD_1, WARD_2 } from '../bench/council.js';
import { hearRooms, moves, readRooms } from '../bench/eyes.js';
import { figure } from '../bench/figures.js';
import { live, press, speaker, until, untilSeen } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

let sitting;

before(async () => {
  sitting = await Sitting.start();
});

after(async () => {
  await sitting?.stop();
});

/** What a room hears, when it has settled. */
async function hears(room, wanted) {
  await until(`room ${room} hears ${wanted}`, () => hearRooms(sitting.rooms[room], 300), (heard) => same(heard, wanted));
}

const same = (a, b) => JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
const others = (...rooms) => [HALL, WARD_1, WARD_2].filter((room) => !rooms.includes(room));

/** While `room` has the floor, every other room sees and hears it; the chair's hall is always heard, nobody else is. */
async function hasTheFloor(room) {
  for (const other of others(room)) await untilSeen(sitting.rooms[other], room);
  const heard = new Set([HALL, room]);
  for (const listener of [HALL, WARD_1, WARD_2]) await hears(listener, [...heard].filter((one) => one !== listener));
  for (const one of [HALL, WARD_1, WARD_2]) assert.equal(await live(sitting.rooms[one]), String(heard.has(one)), `live mark of ${one}`);
  for (const other of others(room)) {
    const slots = Object.entries(await readRooms(sitting.rooms[other])).filter(([, seen]) => seen === room);
    assert.ok(await moves(sitting.rooms[other], slots[0][0]), `room ${room} stands still in room ${other}`);
  }
}

/** Nobody has the floor: only the hall is heard. */
async function nobodyHasTheFloor() {
  await hears(HALL, []);
  await hears(WARD_1, [HALL]);
  await hears(WARD_2, [HALL]);
}

test('technical check and lobby: every bridge point has joined and none is on the air', async () => {
  await until('three rooms', () => sitting.chair.getByTestId('sites-ready').innerText(), (text) => text.includes('3/3'));
  await hears(HALL, []);
});

test('roll call by tablets, opening, debate, list', async () => {
  let called = 0;
  await sitting.open({
    byTablet: ['ha', 'binh', 'cuc', 'dung'],
    whenCalled: async (who) => {
      called += 1;
      // Who is called is seen and heard, so that "có mặt" can be heard.
      if (who === 'em') {
        await untilSeen(sitting.rooms[HALL], WARD_2);
        await hears(HALL, [WARD_2]);
        await hears(WARD_1, [HALL, WARD_2]);
      }
    },
  });
  assert.equal(called, 3, 'only those without an answer are called');
  assert.equal(await sitting.phase(), 'open');
  await nobodyHasTheFloor();
});

const requests = {};

test('five tablets register; the queue stands at the chair and positions on the tablets', async () => {
  for (const who of ['binh', 'dung', 'ha', 'cuc', 'em']) requests[who] = await sitting.register(who);
  assert.equal((await sitting.requests()).length, 5);
  for (const tablet of Object.values(sitting.tablets)) await tablet.getByTestId('my-position').waitFor();
});

for (const [who, room, name] of [
  ['binh', WARD_1, 'ward 1'],
  ['dung', WARD_2, 'ward 2'],
  ['ha', HALL, 'the hall'],
]) {
  test(`the floor to ${name}: seen and heard in the other rooms, and nobody else`, async () => {
    await sitting.invite(requests[who]);
    await until(`the turn of ${who}`, () => speaker(sitting.chair), (person) => person === who);
    await hasTheFloor(room);
    await press(sitting.tablets[who], 'end-turn');
    await until('the end of the turn', () => speaker(sitting.chair), (person) => person === undefined);
    await nobodyHasTheFloor();
  });
}

test('a point of order goes first and the interrupted turn goes on', async () => {
  await sitting.invite(requests.cuc);
  await hasTheFloor(WARD_1);
  const point = await sitting.register('dung', { kind: 'point-of-order' });
  assert.equal((await sitting.requests())[0], point, 'a point of order stands first');
  await sitting.invite(point);
  await until('the turn of dung', () => speaker(sitting.chair), (person) => person === 'dung');
  await hasTheFloor(WARD_2);
  await press(sitting.chair, 'end-turn');
  await until('the interrupted turn', () => speaker(sitting.chair), (person) => person === 'cuc');
  const go = sitting.chair.getByTestId('continue-turn');
  if (await go.isVisible().catch(() => false)) await go.click();
  await hasTheFloor(WARD_1);
  await press(sitting.chair, 'end-turn');
});

test('closing: the item, what is left, the sitting; nobody is heard any more', async () => {
  await press(sitting.chair, 'close-item');
  await sitting.chair.getByRole('radio').first().click();
  await press(sitting.chair, 'close-item-confirm');
  await press(sitting.chair, 'close-sitting');
  await press(sitting.chair, 'closing-confirm');
  await until('the closed sitting', () => sitting.phase(), (phase) => phase === 'closed');
  for (const room of [HALL, WARD_1, WARD_2]) await hears(room, []);
  figure('whole sitting, faults in pages', sitting.faults());
  assert.deepEqual(sitting.faults(), []);
});
