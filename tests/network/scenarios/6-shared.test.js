// T-8: a line that is shared. A download beside the call must not cost words (RFC 8867 §5.6), and two calls over one line must not
// starve each other (§5.4).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WARD_2 } from '../../e2e/bench/council.js';
import { callSource, summary, watch } from '../bench/call.js';
import { LONG, makes, taken } from '../bench/cases.js';
import { Line, wait } from '../bench/line.js';
import { HUB } from '../bench/net.js';
import { result } from '../bench/results.js';

const SECONDS = LONG ? 60 : 20;
/** What begins beside a call has this long to find its share. */
const SETTLE = 10;
const PORT = 5001;

if (taken('T-8')) {
  for (const make of makes('chromium')) {
    describe(`a ward with ${make} that shares its line`, () => {
      let line;
      const started = [];

      /** A program in a namespace, once it is ready. */
      const start = async (end, ...words) => {
        const program = fileURLToPath(new URL('../bench/bulk.js', import.meta.url));
        const [word, ...more] = [...line.net.namespace(end).command, process.execPath, program, ...words];
        const child = spawn(word, more, { stdio: ['pipe', 'pipe', 'inherit'] });
        started.push(child);
        await once(child.stdout, 'data');
        return child;
      };

      before(async () => {
        line = await Line.start(make, { quality: 'high', busy: true });
        await line.impair();
      });

      after(async () => {
        for (const child of started) child.stdin.end();
        await line?.stop();
      });

      test('T-8 beside a download', { timeout: 180_000 }, async () => {
        await line.ask('rate ward both 2000');
        await start('hub', 'give', HUB, String(PORT));
        const download = await start('ward', 'take', HUB, String(PORT));
        const ends = await line.measure(SECONDS, SETTLE);
        download.stdin.end();
        await line.ask('rate ward both off');
        const missed = ends.flatMap(({ to, figures }) =>
          result('T-8 beside a download', { to, seed: line.net.seed, figures, bounds: { concealed: 1 } }),
        );
        assert.deepEqual(missed, []);
      });

      test('T-8 two calls on one line', { timeout: 180_000 }, async () => {
        const executable = line.net.namespace('ward').inside('/usr/bin/chromium');
        const browser = await line.sitting.browser({ room: WARD_2, executable, busy: true, flags: ['--ignore-certificate-errors'] });
        const other = await line.sitting.join(WARD_2, { browser, script: callSource(), origin: `https://${HUB}` });
        await line.ask('rate ward both 1600');
        await wait(SETTLE);
        const both = await Promise.all([line.ward, other].map((page) => watch(page, () => wait(SECONDS))));
        await line.ask('rate ward both off');
        const each = both.map((notes) => summary(notes));
        const rates = each.map(({ kbps }) => kbps);
        const sum = (list) => list.reduce((all, one) => all + one, 0);
        const jain = sum(rates) ** 2 / (rates.length * sum(rates.map((rate) => rate * rate)));
        const figures = { jain: Number(jain.toFixed(2)), kbps: rates, concealed: Math.max(...each.map(({ concealed }) => concealed)) };
        const bounds = { jain: -0.85, concealed: 1 };
        assert.deepEqual(result('T-8 two calls on one line', { to: 'both', seed: line.net.seed, figures, bounds }), []);
      });
    });
  }
}
