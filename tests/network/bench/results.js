// Results as the tables show them: one line for each case, browser and direction, kept in out/results.json.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LONG } from './cases.js';

const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');
export const FILE = join(OUT, 'results.json');

/** A short run shares its machine with whatever else goes on there: it fails for what is broken, not for what is late. */
const SLACK = LONG ? 1 : 4;

/** What was kept so far, of this run and of those before it. */
export function results() {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Keeps and prints a result. `bounds` are pairs of a figure's name and the most (or, with a negative sign, the least) it may
 * be. Returns what is out of its bounds (in a short run: far out), for the test to fail with.
 */
export function result(name, { to, seed, figures, bounds = {} }) {
  const out = (slack) =>
    Object.entries(bounds)
      .filter(([figure, bound]) => !(bound >= 0 ? figures[figure] <= bound * slack : figures[figure] >= -bound / slack))
      .map(([figure, bound]) => `${figure} ${figures[figure]} (${bound >= 0 ? `≤ ${bound}` : `≥ ${-bound}`})`);
  const missed = out(1);
  const line = { to, seed, figures, bounds, passed: missed.length === 0, date: new Date().toISOString().slice(0, 16) };
  mkdirSync(OUT, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify({ ...results(), [`${name} → ${to}`]: line }, null, 2)}\n`);
  console.log(`FIGURE ${name} → ${to}: ${JSON.stringify(figures)}${missed.length > 0 ? ` MISSED ${missed.join(', ')}` : ''}`);
  return out(SLACK).map((why) => `${name} → ${to}: ${why}`);
}
