import { expect, test } from 'vitest';
import { backoff } from './backoff';
import { OffsetEstimate } from './offset';

test('the sample with the shortest way wins', () => {
  const estimate = new OffsetEstimate();
  estimate.add(1_000, 1_400, 6_350); // 400 ms on the way, most of it out: 5150
  estimate.add(2_000, 2_020, 7_010); // 20 ms: exact
  estimate.add(3_000, 3_300, 8_050); // 300 ms, most of it back: 4900
  expect(estimate.value).toBe(5_000);
});

test('a device that slept believes the new sample, not the old good one', () => {
  const estimate = new OffsetEstimate();
  estimate.add(1_000, 1_010, 6_005);
  estimate.add(2_000, 2_200, 607_100);
  expect(estimate.value).toBe(605_000);
});

test('waits grow from half a second to eight, never in step with others', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backoff(attempt, 1))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
  ]);
  expect(backoff(4, 0)).toBe(4_000);
});
