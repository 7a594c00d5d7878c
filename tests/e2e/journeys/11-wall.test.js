// The technician's wall: the rooms' own pictures, live, while the chair and the secretary are told who looks on.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HALL, WARD_1, WARD_2 } from '../bench/council.js';
import { eyesSource, moves, readRooms } from '../bench/eyes.js';
import { openTechnician, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

let sitting;

before(async () => {
  sitting = await Sitting.start();
});

after(async () => {
  await sitting?.stop();
});

test('the wall shows every room by its own picture', async () => {
  await sitting.open();
  const wall = await openTechnician(sitting.hub, sitting.people, { script: eyesSource() });
  const seen = await until(
    'all rooms on the wall',
    async () => new Set(Object.values(await readRooms(wall))),
    (rooms) => [HALL, WARD_1, WARD_2].every((room) => rooms.has(room)),
    20_000,
  );
  assert.equal(seen.size, 3);
  for (const slot of Object.keys(await readRooms(wall))) assert.ok(await moves(wall, slot), `${slot} stands still`);
  await sitting.chair.getByTestId('watching').waitFor();
});
