// A hundred tablets on one hub: how long a change of the queue takes to reach each of them. The bots are the crowd's.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { figure } from '../bench/figures.js';
import { BINARY, Hub } from '../bench/hub.js';

const crowd = resolve(process.env.CROWD_BIN ?? join(dirname(BINARY), 'crowd'));
let hub;

after(async () => {
  await hub?.stop();
});

test('a hundred sockets see each of 45 changes of the queue', { timeout: 240_000 }, async () => {
  assert.ok(existsSync(crowd), `there is no crowd at ${crowd}; build it, or set CROWD_BIN`);
  const council = execFileSync(crowd, ['council', '--delegates', '100'], { encoding: 'utf8' });
  hub = await Hub.start({ council });
  const { stdout } = await promisify(execFile)(crowd, ['sockets', '--hub', hub.local, '--count', '100']);
  const [, p50, p95, max] = stdout.match(/each socket: p50 ([\d.]+) ms, p95 ([\d.]+) ms, max ([\d.]+) ms/).map(Number);
  const [, g50, g95] = stdout.match(/accepted: p50 ([\d.]+) ms, p95 ([\d.]+) ms/).map(Number);
  figure('change of the queue to 100 sockets, ms (target p95 100)', { p50, p95, max });
  figure('grant to accepted, ms', { p50: g50, p95: g95 });
  assert.match(stdout, /, 0 not seen/);
});
