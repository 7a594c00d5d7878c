/*
 * How a clock of a turn is read: what is left or over, and which warning stands. The server owns the clock; here it is only
 * carried on between two messages (PRODUCT 3.3.4).
 */
import type { TurnView } from '../protocol';

export interface Reading {
  /** Milliseconds spoken. */
  spent: number;
  /** Milliseconds left, never below zero; absent without a limit. */
  left?: number;
  /** Milliseconds over the limit; zero before. */
  over: number;
  /** 0…1 of the limit that is spent. */
  share: number;
  /** Calm, first warning, last warning, or over. */
  level: 'calm' | 'soon' | 'last' | 'over';
  /** The warning that stands, in seconds left. */
  warning?: number;
}

export function readTurn(turn: TurnView, now: number): Reading {
  const running = turn.running_since === undefined ? 0 : Math.max(0, now - turn.running_since);
  const spent = turn.spent_ms + running;
  if (turn.limit_ms === undefined) return { spent, over: 0, share: 0, level: 'calm' };
  const left = Math.max(0, turn.limit_ms - spent);
  const over = Math.max(0, spent - turn.limit_ms);
  const share = turn.limit_ms === 0 ? 1 : Math.min(1, spent / turn.limit_ms);
  if (left === 0) return { spent, left, over, share, level: 'over', warning: 0 };
  // A warning as long as the whole turn says nothing.
  const warning = turn.warnings_s
    .filter((seconds) => seconds * 1000 < (turn.limit_ms ?? 0) && left <= seconds * 1000)
    .sort((a, b) => a - b)[0];
  const base = { spent, left, over, share };
  if (warning === undefined) return { ...base, level: 'calm' };
  return { ...base, warning, level: warning <= 60 ? 'last' : 'soon' };
}
