import { describe, expect, it } from 'vitest';
import type { TurnView } from '../protocol';
import { formatDuration } from '../i18n/index.svelte';
import { readTurn } from './timing';

const NOON = 1_800_000_000_000;

/** Bà Hạnh has the floor for seven minutes. */
function hanh(change: Partial<TurnView> = {}): TurnView {
  return {
    id: 't1',
    person: 'hanh',
    site: 'hall',
    kind: 'speech',
    subject: '',
    state: 'running',
    granted_at: NOON,
    limit_ms: 420_000,
    spent_ms: 0,
    running_since: NOON,
    by_phone: false,
    hold_over: false,
    ready: false,
    asks_extension: false,
    extended_min: 0,
    warnings_s: [180, 60, 30],
    ...change,
  };
}

describe('the clock of a turn', () => {
  it('starts full and calm', () => {
    const reading = readTurn(hanh(), NOON);
    expect(formatDuration(reading.left ?? 0)).toBe('07:00');
    expect(reading.level).toBe('calm');
  });
  it('warns three minutes, one minute and half a minute before the end', () => {
    expect(readTurn(hanh(), NOON + 240_000)).toMatchObject({ level: 'soon', warning: 180 });
    expect(readTurn(hanh(), NOON + 360_000)).toMatchObject({ level: 'last', warning: 60 });
    expect(readTurn(hanh(), NOON + 395_000)).toMatchObject({ level: 'last', warning: 30 });
  });
  it('counts up when the time is over', () => {
    const reading = readTurn(hanh(), NOON + 425_400);
    expect(reading).toMatchObject({ level: 'over', left: 0, over: 5_400 });
    expect(formatDuration(-reading.over)).toBe('+00:05');
  });
  it('stands still while paused, at what was spent', () => {
    const { running_since: _, ...paused } = hanh({ state: 'paused', spent_ms: 100_000 });
    expect(formatDuration(readTurn(paused, NOON + 900_000).left ?? 0)).toBe('05:20');
  });
  it('gives no warning as long as the turn itself', () => {
    expect(readTurn(hanh({ limit_ms: 60_000 }), NOON + 1_000).level).toBe('calm');
  });
  it('knows no end without a limit', () => {
    const { limit_ms: _, ...endless } = hanh();
    expect(readTurn(endless, NOON + 3_661_000)).toMatchObject({ level: 'calm', over: 0 });
  });
  it('does not run backwards when this device is ahead of the server', () => {
    expect(readTurn(hanh({ running_since: NOON + 500 }), NOON).spent).toBe(0);
  });
});
