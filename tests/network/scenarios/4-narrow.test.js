// Lines that carry little: 150 kbit/s must do for a voice, the stage's picture and whatever is pressed; 20 kbit/s with a fifth of
// everything lost must do for what is pressed (a delegate registers and sees the place in the queue).

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HALL, NAME } from '../../e2e/bench/council.js';
import { openDelegate, press, until } from '../../e2e/bench/screens.js';
import { Sitting } from '../../e2e/bench/sitting.js';
import { LONG, makes, taken as isTaken } from '../bench/cases.js';
import { Line, wait } from '../bench/line.js';
import { HUB, Net } from '../bench/net.js';
import { result } from '../bench/results.js';

const taken = (name) => isTaken(name, ['20']);
const SECONDS = LONG ? 60 : 20;
/** A line that becomes narrow has this long to find its rate. */
const SETTLE = 12;

const origin = `https://${HUB}`;

/** Registers and takes it back again; seconds until the page shows the place in the queue, and until it is gone. */
async function act(tablet) {
  const began = Date.now();
  await press(tablet, 'register-speech');
  await tablet.getByTestId('my-position').waitFor({ timeout: 60_000 }).catch(async (error) => {
    console.log(await tablet.locator('body').innerText());
    throw error;
  });
  const shown = (Date.now() - began) / 1000;
  await press(tablet, 'withdraw');
  await press(tablet, 'withdraw-confirm');
  await tablet.getByTestId('my-position').waitFor({ state: 'detached', timeout: 60_000 });
  return { shown, gone: (Date.now() - began) / 1000 - shown };
}

if (taken('150')) {
  for (const make of makes('chromium')) {
    describe(`a ward with ${make} on a narrow line`, () => {
      let line, tablet;

      before(async () => {
        line = await Line.start(make, { busy: true });
        const { sitting, net } = line;
        const browser = await sitting.browser({ executable: net.namespace('ward').inside('/usr/bin/chromium') });
        tablet = await openDelegate(sitting.hub, browser, 'em', { origin });
        await tablet.getByTestId('register-speech').waitFor();
      });

      after(async () => {
        await line?.stop();
      });

      test('150 kbit/s', { timeout: 240_000 }, async () => {
        await line.impair();
        await line.ask('rate ward both 150');
        const acted = wait(SETTLE + SECONDS / 2).then(() => act(tablet));
        const ends = await line.measure(SECONDS, SETTLE);
        const { shown } = await acted;
        await line.ask('rate ward both off');
        const missed = ends.flatMap(({ to, figures }, end) => {
          const bounds = { concealed: 1, longest: 3, fps: -4, ...(end === 1 && { shown: 3 }) };
          return result('150 kbit/s', { to, seed: line.net.seed, figures: { ...figures, ...(end === 1 && { shown }) }, bounds });
        });
        assert.deepEqual(missed, []);
      });
    });
  }
}

if (taken('page') || taken('20')) {
  describe('a delegate on hardly any line', () => {
    let net, sitting, tablet;

    before(async () => {
      net = await Net.start();
      const hub = { bind: '0.0.0.0', hosts: [HUB], namespace: net.namespace('hub'), https: 443 };
      sitting = await Sitting.start({ rooms: [], tablets: ['binh'], hub });
      const inside = (site) => net.namespace(site).inside('/usr/bin/chromium');
      await sitting.join(HALL, { browser: await sitting.browser({ room: HALL, executable: inside('hall') }), origin });
      await sitting.open();
      const browser = await sitting.browser({ executable: inside('ward') });
      tablet = await openDelegate(sitting.hub, browser, 'em', { origin });
      await tablet.getByTestId('register-speech').waitFor();
    });

    after(async () => {
      await sitting?.stop();
      await net?.stop();
    });

    if (taken('page')) {
      test('a page that was never opened before, at 150 kbit/s', { timeout: 120_000 }, async () => {
        await net.ask('impair ward both delay=30');
        await net.ask('rate ward both 150');
        const browser = await sitting.browser({ executable: net.namespace('ward').inside('/usr/bin/chromium') });
        const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
        const link = await sitting.hub.link('delegate', NAME.dung, origin);
        const began = Date.now();
        await page.goto(link, { waitUntil: 'commit', timeout: 60_000 });
        await page.getByTestId('register-speech').waitFor({ timeout: 90_000 });
        const opened = Number(((Date.now() - began) / 1000).toFixed(1));
        const bytes = await page.evaluate(() =>
          performance.getEntriesByType('resource').reduce((sum, { transferSize }) => sum + transferSize, 0),
        );
        await net.ask('rate ward both off');
        const figures = { opened, kB: Math.round(bytes / 1000) };
        assert.deepEqual(result('a page at 150 kbit/s', { to: 'delegate (Chromium)', seed: net.seed, figures, bounds: { opened: 15 } }), []);
      });
    }

    if (!taken('20')) return;
    test('20 kbit/s and a fifth lost', { timeout: 240_000 }, async () => {
      await net.ask('impair ward both delay=30 loss=0.2');
      await net.ask('rate ward both 20');
      const times = [];
      for (let round = 0; round < (LONG ? 10 : 4); round += 1) times.push(await act(tablet));
      await until('the chair without a request', () => sitting.requests(), (ids) => ids.length === 0);
      const round = (value) => Number(value.toFixed(2));
      const figures = {
        shown: round(Math.max(...times.map((time) => time.shown))),
        gone: round(Math.max(...times.map((time) => time.gone))),
      };
      const bounds = { shown: 10, gone: 10 };
      assert.deepEqual(result('20 kbit/s, 20 % loss', { to: 'delegate (Chromium)', seed: net.seed, figures, bounds }), []);
    });
  });
}
