// The demonstration: bots play the rooms and the delegates, a person chairs. Their pictures and their speech come to a real
// hall; they answer the roll, register, speak when invited and come to an end. A browser that opens a room takes its seat.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { HALL, NAME, SITE } from '../bench/council.js';
import { loudest } from '../bench/eyes.js';
import { BINARY } from '../bench/hub.js';
import { press, speaker, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const program = resolve(process.env.CROWD_BIN ?? join(dirname(BINARY), 'crowd'));
const inTheHall = ['lan', 'minh', 'ha'];
let sitting, crowd;

before(async () => {
  sitting = await Sitting.start({ rooms: [], tablets: [] });
  crowd = spawn(program, ['demo', '--hub', sitting.hub.local, '--delegates', '5', '--seed', '7'], { stdio: 'ignore' });
  await until('three rooms', () => sitting.chair.getByTestId('sites-ready').innerText(), (text) => text.includes('3/3'), 30_000);
});

after(async () => {
  if (crowd && crowd.exitCode === null) {
    const gone = once(crowd, 'exit');
    crowd.kill();
    await gone;
  }
  await sitting?.stop();
});

test('bots answer the roll, register and speak; a real hall sees and hears them', { timeout: 240_000 }, async () => {
  const hall = await sitting.join(HALL);
  await sitting.open({ byTablet: [], byThemselves: 5 });
  assert.ok((await loudest(hall, 1_500)) < 0.01, 'somebody talks who does not have the floor');

  // Somebody from a bridge point, so that picture and speech must come through the hub.
  const names = inTheHall.map((who) => NAME[who]);
  const row = await until(
    'a request from a bridge point',
    () =>
      sitting.chair.getByTestId('queue').locator('[data-request]').evaluateAll(
        (rows, hallNames) =>
          rows.filter((one) => !hallNames.some((name) => one.innerText.includes(name))).map((one) => one.dataset.request)[0],
        names,
      ),
    (request) => request !== undefined,
    120_000,
  );
  await sitting.invite(row);
  const who = await until('a speaker', () => speaker(sitting.chair), (person) => person !== undefined);
  const stage = hall.locator('video[data-slot="0"]');
  await until('the ward on the stage', () => stage.getAttribute('data-endpoint'), (room) => room !== '' && room !== SITE[HALL]);
  const frames = () => stage.evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
  const before = await frames();
  await until('pictures of the ward', frames, (now) => now > before + 10);
  await until('speech', () => loudest(hall, 1_000), (most) => most > 0.02, 20_000);

  // It comes to an end by itself, within the time that a bot speaks.
  await until('the end of the speech', () => speaker(sitting.chair), (person) => person !== who, 90_000);
  await until('silence', () => loudest(hall, 1_000), (most) => most < 0.01, 8_000);
  await press(sitting.chair, 'list-toggle');
});
