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
const inOrder = (a, b) => JSON.stringify(a) === JSON.stringify(b);
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

test('the chair puts the queue in another order, by mouse, finger and keys, and takes it back', async () => {
  const { chair } = sitting;
  const order = await sitting.requests();
  const [first, second, third, fourth, fifth] = order;
  const becomes = (wanted, how) => until(how, () => sitting.requests(), (now) => inOrder(now, wanted));
  const back = async () => {
    await press(chair, 'undo');
    await becomes(order, 'the order before');
  };
  const middle = async (request) => {
    const box = await chair.getByTestId(`grip-${request}`).boundingBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, bottom: box.y + box.height };
  };

  const [from, to] = [await middle(first), await middle(third)];
  await chair.mouse.move(from.x, from.y);
  await chair.mouse.down();
  await chair.mouse.move(from.x, to.y, { steps: 4 });
  await chair.mouse.move(from.x, to.bottom - 4);
  await chair.mouse.up();
  await becomes([second, third, first, fourth, fifth], 'the first behind the third');
  await back();

  const hand = await chair.context().newCDPSession(chair);
  const touch = (type, y) => hand.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: from.x, y }] });
  await touch('touchStart', to.y);
  await touch('touchMove', to.y - 20);
  await touch('touchMove', from.y - 10);
  await touch('touchEnd');
  await becomes([third, first, second, fourth, fifth], 'the third before the first');
  await back();

  await chair.getByTestId(`grip-${fifth}`).focus();
  await chair.keyboard.press('Space');
  await chair.keyboard.press('Home');
  await chair.keyboard.press('ArrowDown');
  await until('a word for ears', () => chair.getByTestId('queue-said').innerText(), (text) => text.includes('vị trí 2 trên 5'));
  await chair.keyboard.press('Enter');
  await becomes([first, fifth, second, third, fourth], 'the fifth in the second place');
  await chair.keyboard.press('Alt+ArrowUp');
  await becomes([fifth, first, second, third, fourth], 'and one place up, with the focus that it has kept');
  await chair.keyboard.press('Alt+ArrowDown');
  await becomes([first, fifth, second, third, fourth], 'and down again');
  for (let place = 2; place < 5; place += 1) {
    await chair.keyboard.press('Alt+ArrowDown');
    await until(`place ${place + 1}`, () => sitting.requests(), (now) => now[place] === fifth);
  }
  await becomes(order, 'the order before');
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
