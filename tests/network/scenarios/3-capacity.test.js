// T-7: the ward's bandwidth goes 1 → 2.5 → 0.6 → 1 Mbit/s (RFC 8867 §5.1) while the hall sends a picture that would fill any of
// them. What is shown must become smaller at once, and large again without swinging; the sound must not suffer.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { percentile } from '../../e2e/bench/figures.js';
import { concealed, flowed, kbps, longestMute, watch } from '../bench/call.js';
import { LONG, makes, taken } from '../bench/cases.js';
import { Line, wait } from '../bench/line.js';
import { result } from '../bench/results.js';

/** From second … so many kbit/s. */
const STEPS = LONG ? [[0, 1000], [40, 2500], [60, 600], [80, 1000]] : [[0, 1000], [12, 600], [24, 1000]];
const END = LONG ? 120 : 40;
/** What the sound and the overhead of packets leave to the picture. */
const FAIR = 0.9;

if (taken('T-7')) {
  for (const make of makes('firefox')) {
    describe(`a ward with ${make} on a line that changes`, () => {
      let line;

      before(async () => {
        line = await Line.start(make, { quality: 'high', busy: true });
      });

      after(async () => {
        await line?.stop();
      });

      test('T-7 steps of capacity', { timeout: 240_000 }, async () => {
        await line.impair('delay=50');
        const times = [];
        const notes = await watch(line.ward, async () => {
          const began = Date.now();
          for (const [second, rate] of STEPS) {
            await wait(Math.max(0, second - (Date.now() - began) / 1000));
            await line.ask(`rate ward both ${rate}`);
            times.push(Date.now());
          }
          await wait(END - (Date.now() - began) / 1000);
        }, 250);
        await line.ask('rate ward both off');
        const [dropped, risen] = times.slice(-2);
        const figures = {
          concealed: Number(concealed(notes[0], notes.at(-1)).toFixed(2)),
          mute: Number(longestMute(notes).toFixed(2)),
          down: calmAfter(notes, dropped, risen),
          up: fullAfter(notes, risen, FAIR * Math.min(1000, most(notes))),
          rtt95: Math.round(1000 * percentile(notes.filter(({ at, path }) => at > dropped + 2000 && path?.rtt).map(({ path }) => path.rtt), 95)),
          switches: switches(notes),
          kbps: times.map((from, step) => Math.round(mean(notes, from, times[step + 1] ?? notes.at(-1).at))),
        };
        const bounds = { concealed: 1, down: 2, up: 10, rtt95: 400, switches: Math.ceil(END / 5) };
        assert.deepEqual(result('T-7 steps of capacity', { to: line.ends[1].to, seed: line.net.seed, figures, bounds }), []);
      });
    });
  }
}

const between = (notes, from, to) => notes.filter(({ at }) => at >= from && at < to);

/** Mean rate of a span without its first three seconds, kbit/s. */
function mean(notes, from, to) {
  const span = between(notes, from + 3000, to);
  return span.length > 1 ? kbps(span[0], span.at(-1)) : Number.NaN;
}

const windows = (notes, ms) =>
  notes.flatMap((note, index) => {
    const start = notes.slice(0, index).findLast(({ at }) => note.at - at >= ms);
    return start ? [[start, note]] : [];
  });

const most = (notes) => Math.max(...windows(notes, 2000).map(([from, to]) => kbps(from, to)));

/** Seconds from the drop until less than 2 % of the packets of any second got lost: the sender has come down. */
function calmAfter(notes, dropped, until) {
  const loss = ([from, to]) => {
    const videos = flowed(from, to, 'video');
    const sum = (name) => videos.reduce((all, one) => all + one.of(name), 0);
    return sum('packetsLost') / Math.max(1, sum('packetsLost') + sum('packetsReceived'));
  };
  const lossy = windows(between(notes, dropped, until), 1000).filter((pair) => loss(pair) > 0.02);
  return lossy.length === 0 ? 0 : Number(((lossy.at(-1)[1].at - dropped) / 1000).toFixed(1));
}

/** Seconds from the rise until so much is received in a second. */
function fullAfter(notes, risen, rate) {
  const full = windows(between(notes, risen, Number.POSITIVE_INFINITY), 1000).find(([from, to]) => kbps(from, to) >= rate);
  return full ? Number(((full[1].at - risen) / 1000).toFixed(1)) : Number.POSITIVE_INFINITY;
}

/** How often the size of the largest picture changed. */
function switches(notes) {
  const heights = notes.map(({ streams }) => Math.max(0, ...Object.values(streams).map((stream) => stream.frameHeight ?? 0))).filter(Boolean);
  return heights.filter((height, index) => index > 0 && height !== heights[index - 1]).length;
}
