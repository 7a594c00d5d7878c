import { expect, test } from 'vitest';
import { add, EMPTY, most, type Trends } from './trend';

const samples = (at: number[]): Trends => ({
  at,
  loss_up: at.map(() => 0),
  loss_down: at.map(() => null),
  rtt_ms: at.map((one) => one / 1_000),
  up_kbps: at.map(() => 1),
  down_kbps: at.map(() => 2),
});

test('new samples are added, a repeated one counts once', () => {
  const known = add(EMPTY, samples([2_000, 4_000]));
  const more = add(known, samples([4_000, 6_000]));
  expect(more.at).toEqual([2_000, 4_000, 6_000]);
  expect(more.rtt_ms).toEqual([2, 4, 6]);
  expect(add(more, samples([]))).toBe(more);
});

test('what is older than ten minutes goes', () => {
  const known = add(EMPTY, samples([0, 2_000]));
  const later = add(known, samples([601_000]));
  expect(later.at).toEqual([2_000, 601_000]);
  expect(later.up_kbps).toHaveLength(2);
});

test('the highest, gaps left out', () => {
  expect(most([null, 3, 1])).toBe(3);
  expect(most([null])).toBe(0);
});
