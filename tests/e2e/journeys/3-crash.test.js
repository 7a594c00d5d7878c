// The hub is killed while somebody speaks and others wait, and started again: nobody clicks anything, and everything is back.

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

/** When the picture of a room moves again in another room's page; seconds since `from`. */
async function movesAgain(page, room, from) {
  for (;;) {
    const slots = Object.entries(await readRooms(page)).filter(([, seen]) => seen === room);
    for (const [slot] of slots) if (await moves(page, slot)) return (performance.now() - from) / 1000;
    if (performance.now() - from > 30_000) throw new Error(`room ${room} does not come back`);
    await new Promise((go) => setTimeout(go, 50));
  }
}

async function wordIsBack(page, from) {
  await page.locator('[data-link=open]').first().waitFor({ timeout: 30_000 });
  return (performance.now() - from) / 1000;
}

test('killed in the middle of a turn: sockets, pictures, queue, turn and roll come back without a click', async () => {
  await sitting.open();
  const requests = {};
  for (const who of ['binh', 'dung', 'em']) requests[who] = await sitting.register(who);
  await sitting.invite(requests.binh);
  await untilSeen(sitting.rooms[HALL], WARD_1);
  await untilSeen(sitting.rooms[WARD_2], WARD_1);
  const queue = await sitting.requests();
  const quorum = await sitting.chair.getByTestId('quorum').innerText();

  const [sockets, pictures, starts] = [[], [], []];
  for (let round = 0; round < 3; round += 1) {
    const killed = performance.now();
    await sitting.hub.kill();
    starts.push((await sitting.hub.run()) / 1000);
    const screens = [...Object.values(sitting.rooms)];
    sockets.push(...(await Promise.all(screens.map((page) => wordIsBack(page, killed)))));
    pictures.push(
      ...(await Promise.all([
        movesAgain(sitting.rooms[HALL], WARD_1, killed),
        movesAgain(sitting.rooms[WARD_2], WARD_1, killed),
      ])),
    );
    await until('the chair sees the turn', () => speaker(sitting.chair), (person) => person === 'binh', 30_000);
    await sitting.chair.getByTestId('link-lost').waitFor({ state: 'detached', timeout: 30_000 });
    assert.deepEqual(await sitting.requests(), queue, 'the queue is another one');
    assert.equal(await sitting.chair.getByTestId('quorum').innerText(), quorum, 'the roll is another one');
    await press(sitting.chair, 'continue-turn');
    await sitting.chair.getByTestId('pause-turn').waitFor();
    // The first moments of a sound are stretched while the browser finds its delay; then there is one tone and no other.
    await until('only the speaker is heard', () => hearRooms(sitting.rooms[HALL]), (rooms) => rooms.join() === `${WARD_1}`);
    assert.equal(await live(sitting.rooms[WARD_1]), 'true');
    assert.equal(await live(sitting.rooms[WARD_2]), 'false');
  }
  const longest = (values) => Math.round(Math.max(...values) * 10) / 10;
  figure('killed to started, s, longest of 3', longest(starts));
  figure('killed to every room socket back, s, longest of 3 (target 5)', longest(sockets));
  figure('killed to moving pictures, s, longest of 3 (target 8)', longest(pictures));
  assert.deepEqual(sitting.faults(), []);
});
