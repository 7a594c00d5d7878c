// Figures for people: printed by each journey, kept in out/figures.json for the closing table.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const OUT = join(dirname(fileURLToPath(import.meta.url)), '../out');

/** At most this, for `p` per cent of the values. */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((sorted.length * p) / 100) - 1))];
}

export function spread(values) {
  return {
    n: values.length,
    p50: Math.round(percentile(values, 50)),
    p95: Math.round(percentile(values, 95)),
    max: Math.round(Math.max(...values)),
  };
}

/** Prints a figure and keeps it. */
export function figure(name, value) {
  console.log(`FIGURE ${name}: ${JSON.stringify(value)}`);
  mkdirSync(OUT, { recursive: true });
  const file = join(OUT, 'figures.json');
  let all = {};
  try {
    all = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The first figure of this run.
  }
  writeFileSync(file, `${JSON.stringify({ ...all, [name]: value }, null, 2)}\n`);
}
