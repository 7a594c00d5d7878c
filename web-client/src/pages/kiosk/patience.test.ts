// A tablet that nobody touches forgets who stood there.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ACTING_S, Patience, READING_S } from './patience.svelte';

let touches: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  touches = new EventTarget();
  vi.stubGlobal('window', touches);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function watched(what: 'acting' | 'reading'): { patience: Patience; over: () => number; end: () => void } {
  let times = 0;
  const patience = new Patience(() => (times += 1));
  const end = patience.watch(what);
  return { patience, over: () => times, end };
}

test('twenty seconds without a touch, counted aloud at the end', () => {
  const { patience, over, end } = watched('acting');
  vi.advanceTimersByTime(14_000);
  expect([patience.left, patience.soon]).toEqual([ACTING_S - 14, false]);
  vi.advanceTimersByTime(2_000);
  expect([patience.left, patience.soon]).toEqual([4, true]);
  expect(over()).toBe(0);
  vi.advanceTimersByTime(4_000);
  expect(over()).toBe(1);
  end();
  vi.advanceTimersByTime(60_000);
  expect(over()).toBe(1);
});

test('a touch begins anew; a receipt goes whatever is touched', () => {
  const acting = watched('acting');
  vi.advanceTimersByTime(19_000);
  touches.dispatchEvent(new Event('pointerdown'));
  vi.advanceTimersByTime(19_000);
  expect(acting.over()).toBe(0);
  acting.end();
  const reading = watched('reading');
  vi.advanceTimersByTime((READING_S - 1) * 1_000);
  touches.dispatchEvent(new Event('pointerdown'));
  vi.advanceTimersByTime(1_000);
  expect(reading.over()).toBe(1);
  reading.end();
});
