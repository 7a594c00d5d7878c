// How long after the chair's tap the hall decodes the speaker's picture and sound: thirty grants, the wards in turn. Measured
// inside the pages on the machine's clock. The figure is reported; the test only fails when something does not come at all.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HALL, WARD_1, WARD_2 } from '../bench/council.js';
import { figure, spread } from '../bench/figures.js';
import { press, speaker, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const GRANTS = 30;
const GUARD_MS = 5_000;

let sitting;

before(async () => {
  sitting = await Sitting.start({ tablets: ['binh', 'dung'] });
  await sitting.chair.evaluate(() => {
    addEventListener('pointerdown', () => (window.tapped = performance.timeOrigin + performance.now()), true);
  });
});

after(async () => {
  await sitting?.stop();
});

test('thirty grants: from the tap to picture and sound in the hall', async () => {
  await sitting.open();
  const [pictures, sounds, both] = [[], [], []];
  for (let grant = 0; grant < GRANTS; grant += 1) {
    const [who, room] = grant % 2 === 0 ? ['binh', WARD_1] : ['dung', WARD_2];
    const request = await sitting.register(who);
    const arrival = sitting.rooms[HALL].evaluate(([slot, code, timeout]) => window.__eyes.arrival(slot, code, timeout), [0, room, GUARD_MS]);
    await sitting.invite(request);
    const { picture, sound } = await arrival;
    const tapped = await sitting.chair.evaluate(() => window.tapped);
    assert.ok(picture && sound, `grant ${grant + 1}: ${picture ? 'no sound' : 'no picture'} within ${GUARD_MS} ms`);
    pictures.push(picture - tapped);
    sounds.push(sound - tapped);
    both.push(Math.max(picture, sound) - tapped);
    await press(sitting.chair, 'end-turn');
    await until('the end of the turn', () => speaker(sitting.chair), (person) => person === undefined);
  }
  figure('grant to picture in the hall, ms', spread(pictures));
  figure('grant to sound in the hall, ms', spread(sounds));
  figure('grant to picture and sound in the hall, ms (target p95 500)', spread(both));
});

test('the large picture grows to all the lines of the camera', async () => {
  const lines = () => sitting.rooms[HALL].locator('video[data-slot="0"]').evaluate((video) => video.videoHeight);
  await sitting.invite(await sitting.register('binh'));
  await until('the whole picture in the hall', lines, (height) => height === 360, 15_000);
  await press(sitting.chair, 'end-turn');
});
