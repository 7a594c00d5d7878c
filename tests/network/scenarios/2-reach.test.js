// Rooms that are hard to reach: UDP blocked from the beginning (T-24), translated addresses on both sides (T-26), only a proxy
// (T-25). Each case is a page opened anew; counted is the time from its first attempt at a call to pictures and sound.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connected, until } from '../../e2e/bench/screens.js';
import { LONG, makes, taken as isTaken } from '../bench/cases.js';
import { Line } from '../bench/line.js';
import { result } from '../bench/results.js';

const taken = (name) => isTaken(name, ['T-24', 'T-26']);
/** Every pair of translations, or the worst. */
const EVERY = LONG || isTaken('T-26-all');

/** Every pair of two different kinds. */
const KINDS = ['none', 'preserving', 'symmetric', 'double'];
const PAIRS = KINDS.flatMap((hall) => KINDS.filter((ward) => ward !== hall).map((ward) => [hall, ward]));

/** Opens a room's page again; seconds from its first attempt to pictures and sound, and the path they take. */
async function again(page, patience = 25_000) {
  await page.reload();
  await page.getByTestId('room').waitFor();
  return until(
    'pictures and sound',
    () => page.evaluate(() => window.__call.media()),
    (media) => media?.seconds !== undefined,
    patience,
  ).catch(() => ({ seconds: Number.POSITIVE_INFINITY }));
}

for (const make of makes('chromium')) {
  describe(`a ward with ${make} that is hard to reach`, () => {
    let line;

    before(async () => {
      line = await Line.start(make);
      await line.impair();
    });

    after(async () => {
      await line?.stop();
    });

    const one = async (name, bound) => {
      const { seconds, path, made } = await again(line.ward);
      return result(name, { to: line.ends[1].to, seed: line.net.seed, figures: { connected: seconds, path, made }, bounds: { connected: bound } });
    };

    if (taken('T-24')) test('T-24 UDP as usual', async () => assert.deepEqual(await one('T-24 UDP as usual', 1.5), []));

    for (const [name, firewall] of [['T-24 no UDP', 'no-udp'], ['T-24 only port 443', 'only-https']]) {
      if (!taken('T-24')) continue;
      test(name, { timeout: 90_000 }, async () => {
        await line.ask(`firewall ward ${firewall}`);
        try {
          assert.deepEqual(await one(name, 4), []);
        } finally {
          await line.ask('firewall ward open');
        }
      });
    }

    for (const [hall, ward] of EVERY ? PAIRS : PAIRS.filter(([a, b]) => a === 'symmetric' && b === 'double')) {
      if (!taken('T-26') && !isTaken('T-26-all')) continue;
      test(`T-26 translation: hall ${hall}, ward ${ward}`, { timeout: 90_000 }, async () => {
        await line.ask(`nat hall ${hall}`);
        await line.ask(`nat ward ${ward}`);
        const [there, here] = await Promise.all([again(line.hall), again(line.ward)]);
        await connected(line.hall);
        const name = `T-26 hall ${hall}, ward ${ward}`;
        const figures = { connected: Math.max(there.seconds, here.seconds), path: here.path };
        assert.deepEqual(result(name, { to: line.ends[1].to, seed: line.net.seed, figures, bounds: { connected: 10 } }), []);
      });
    }
  });

  if (!taken('T-25')) continue;
  describe(`a ward with ${make} behind a proxy`, () => {
    let line, proxy;

    before(async () => {
      const host = '10.98.2.1';
      line = await Line.start(make, {
        flags: [`--proxy-server=http://${host}:3128`],
        preferences: { 'network.proxy.type': 1, 'network.proxy.ssl': host, 'network.proxy.ssl_port': 3128 },
        proxied: async (net) => {
          const program = fileURLToPath(new URL('../bench/proxy.js', import.meta.url));
          const [word, ...words] = [...net.namespace('isp').command, process.execPath, program, host, '3128'];
          proxy = spawn(word, words, { stdio: ['pipe', 'pipe', 'inherit'] });
          await once(proxy.stdout, 'data');
          await net.ask('firewall ward only-proxy');
        },
      });
    });

    after(async () => {
      proxy?.stdin.end();
      await line?.stop();
    });

    test('T-25 only through the proxy', { timeout: 90_000 }, async () => {
      const { seconds, path } = await again(line.ward);
      const figures = { connected: seconds, path };
      assert.deepEqual(result('T-25 only a proxy', { to: line.ends[1].to, seed: line.net.seed, figures, bounds: { connected: 6 } }), []);
    });
  });
}
