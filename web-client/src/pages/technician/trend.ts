// Samples of a line as columns, newest last, no longer than the plot. New ones are added to what is known.

import type { Trend } from '../../state/mirror.svelte';

/** As long as the hub keeps them: ten minutes. */
export const WINDOW_S = 600;

export type Trends = Omit<Trend, 'type' | 'room'>;

export const EMPTY: Trends = { at: [], loss_up: [], loss_down: [], rtt_ms: [], up_kbps: [], down_kbps: [] };

/** What was known with what is new, without what is too old. A sample that is told twice counts once. */
export function add(known: Trends, more: Trends): Trends {
  const last = known.at.at(-1) ?? -Infinity;
  const from = more.at.findIndex((at) => at > last);
  if (from < 0) return known;
  const begins = (more.at.at(-1) ?? 0) - WINDOW_S * 1_000;
  const at = [...known.at, ...more.at.slice(from)];
  const keep = at.findIndex((one) => one >= begins);
  const column = <T>(before: T[], after: T[]): T[] => [...before, ...after.slice(from)].slice(keep);
  return {
    at: at.slice(keep),
    loss_up: column(known.loss_up, more.loss_up),
    loss_down: column(known.loss_down, more.loss_down),
    rtt_ms: column(known.rtt_ms, more.rtt_ms),
    up_kbps: column(known.up_kbps, more.up_kbps),
    down_kbps: column(known.down_kbps, more.down_kbps),
  };
}

/** The highest of what was measured; 0 when nothing was. */
export function most(values: (number | null)[]): number {
  return values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);
}
