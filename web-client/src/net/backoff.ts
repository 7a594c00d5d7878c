// How long to wait before the next attempt to reach the hub (PRODUCT 3.0: 0.5 → 8 s with jitter), so that a thousand
// screens do not come back in the same instant after a restart.

const FIRST_MS = 500;
const LAST_MS = 8_000;

/** Milliseconds before attempt number `attempt` (0 = the first retry). `random` is in [0, 1). */
export function backoff(attempt: number, random: number): number {
  const base = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(base * (0.5 + random / 2));
}
