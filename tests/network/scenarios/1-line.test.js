// Loss, bursts and jitter on a ward's line (T-1 … T-6), and how it comes back from outages, from another address and from a
// firewall that closes in the middle of a call (T-10 … T-13, T-27). One sitting for each make of browser, because a sitting costs
// more time than a case. The long form takes every case and more time for each.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { speaker } from '../../e2e/bench/screens.js';
import { backAfter, longestMute, watch } from '../bench/call.js';
import { LONG, makes, taken as isTaken } from '../bench/cases.js';
import { Line, wait } from '../bench/line.js';
import { result } from '../bench/results.js';

const SECONDS = LONG ? 60 : 12;

/** What RELIABILITY 3.1 asks of a line, by the make of browser at its end: invented sound in per cent, and of the picture. */
const LINES = [
  { name: 'T-0 nothing', words: '', chromium: 0.1, firefox: 0.1, picture: { frozen: 0.5 } },
  { name: 'T-1 1 % loss', words: 'loss=0.01', chromium: 0.1, firefox: 0.1, picture: { freezes: 0 } },
  { name: 'T-2 10 % loss', words: 'loss=0.1', chromium: 0.5, firefox: 1.5, picture: { frozen: 2 } },
  { name: 'T-3 30 % loss', words: 'loss=0.3', chromium: 3, firefox: 8, picture: { longest: 2, fps: -7 } },
  { name: 'T-4 50 % loss', words: 'loss=0.5', chromium: 15, firefox: 15, picture: {} },
  { name: 'T-5 10 % in bursts of 5', words: 'loss=bursts:0.1:5', chromium: 2, firefox: 2, picture: {} },
  { name: 'T-5 10 % in bursts of 15', words: 'loss=bursts:0.1:15', chromium: 5, firefox: 5, picture: {} },
  { name: 'T-6 ±20 ms', words: 'delay=40 jitter=uniform:20', chromium: 0.2, firefox: 0.2, picture: {}, buffer: 60 },
  { name: 'T-6 ±50 ms', words: 'delay=60 jitter=uniform:50', chromium: 1, firefox: 1, picture: {}, buffer: 120 },
  { name: 'T-6 ±100 ms', words: 'delay=110 jitter=uniform:100', chromium: 3, firefox: 3, picture: {}, buffer: 250 },
];

const taken = (name) => isTaken(name, ['T-10', 'T-11', 'T-13', 'T-27']);
/** What a buffer holds on a clean line has to be known before what jitter adds to it. */
const isBase = (name) => name.startsWith('T-0') && taken('T-6');

for (const make of makes('firefox')) {
  describe(`a ward with ${make}`, () => {
    let line;
    const clean = {};

    before(async () => {
      line = await Line.start(make);
    });

    after(async () => {
      await line?.stop();
    });

    for (const { name, words, picture, buffer, ...sound } of LINES) {
      if (!(taken(name) || isBase(name))) continue;
      test(name, async () => {
        await line.impair(words);
        const ends = await line.measure(SECONDS);
        await line.impair();
        assert.equal(await line.overrun(), 0, 'the impairer lost packets of its own');
        const missed = ends.flatMap(({ to, figures }) => {
          if (words === '') clean[to] = figures.buffer95;
          const more = { ...figures, extra: Math.round(figures.buffer95 - (clean[to] ?? 0)) };
          const bounds = { concealed: sound[make], ...picture, ...(buffer && { extra: buffer }) };
          return result(name, { to, seed: line.net.seed, figures: more, bounds });
        });
        assert.deepEqual(missed, []);
      });
    }

    for (const [name, seconds, bound] of [['T-10 dead for 5 s', 5, 1], ['T-11 dead for 15 s', 15, 2], ['T-12 dead for 60 s', 60, 3]]) {
      if (!taken(name)) continue;
      test(name, { timeout: 180_000 }, async () => {
        await line.impair();
        let mended;
        const notes = await watch(line.ward, async () => {
          await wait(1);
          await line.ask(`outage ward 0 ${seconds * 1000}`);
          mended = Date.now() + seconds * 1000;
          await wait(seconds + 12);
        }, 100);
        assert.equal(await speaker(line.sitting.chair), 'binh', 'a lost line has taken the floor');
        const figures = { back: round(backAfter(notes, mended)), made: notes.at(-1).made - notes[0].made };
        const missed = result(name, { to: line.ends[1].to, seed: line.net.seed, figures, bounds: { back: bound } });
        await line.goOn();
        assert.deepEqual(missed, []);
      });
    }

    if (taken('T-13')) {
      test('T-13 another network, another address', { timeout: 90_000 }, async () => {
        await line.impair();
        const both = await Promise.all(
          line.ends.map(async ({ to, page }) => ({
            to,
            notes: await watch(page, async () => {
              await wait(1);
              if (page === line.ward) await line.ask('change ward');
              await wait(15);
            }, 100),
          })),
        );
        await line.goOn();
        const missed = both.flatMap(({ to, notes }) => {
          const figures = { mute: round(longestMute(notes)), made: notes.at(-1).made - notes[0].made };
          return result('T-13 another address', { to, seed: line.net.seed, figures, bounds: { mute: 2 } });
        });
        assert.deepEqual(missed, []);
      });
    }

    if (taken('T-27')) {
      test('T-27 UDP dies in the middle of the call', { timeout: 90_000 }, async () => {
        await line.impair();
        let died;
        const notes = await watch(line.ward, async () => {
          await wait(1);
          died = Date.now();
          await line.ask('firewall ward no-udp');
          await wait(20);
        }, 100);
        const figures = { back: round(backAfter(notes, died)), path: notes.at(-1).path, made: notes.at(-1).made - notes[0].made };
        await line.ask('firewall ward open');
        const missed = result('T-27 UDP dies', { to: line.ends[1].to, seed: line.net.seed, figures, bounds: { back: 6 } });
        assert.deepEqual(missed, []);
      });
    }
  });
}

const round = (value) => (Number.isFinite(value) ? Number(value.toFixed(2)) : Number.POSITIVE_INFINITY);
