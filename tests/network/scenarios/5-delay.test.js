// T-9: how old a picture is when it is seen and a voice when it is heard, over a line without faults.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { percentile } from '../../e2e/bench/figures.js';
import { ages, clockSource } from '../bench/clock.js';
import { LONG, taken } from '../bench/cases.js';
import { Line, wait } from '../bench/line.js';
import { result } from '../bench/results.js';

const SECONDS = LONG ? 60 : 20;

if (taken('T-9')) {
  describe('a line without faults', () => {
    let line;

    before(async () => {
      line = await Line.start('chromium', { script: clockSource() });
    });

    after(async () => {
      await line?.stop();
    });

    test('T-9 from mouth to ear and from face to face', { timeout: 180_000 }, async () => {
      const pages = line.ends.map(({ page }) => page);
      await wait(5);
      await Promise.all(pages.map((page) => page.evaluate(() => window.__clock.begin())));
      await wait(SECONDS);
      const notes = await Promise.all(pages.map((page) => page.evaluate(() => window.__clock.end())));
      const missed = line.ends.flatMap(({ to }, end) => {
        const sound = ages(notes[end].heard, notes[1 - end].beeps);
        const { frames } = notes[end];
        const p = (list, share) => (list.length > 0 ? Math.round(percentile(list, share)) : null);
        const figures = { ear: p(sound, 50), ear95: p(sound, 95), eye: p(frames, 50), eye95: p(frames, 95), beeps: sound.length };
        return result('T-9 nothing', { to, seed: line.net.seed, figures, bounds: { ear95: 150, eye95: 150, beeps: -SECONDS / 2 } });
      });
      assert.deepEqual(missed, []);
    });
  });
}
