// A confidence vote is read in the order of its ballot and of nothing else, and shares are written as they were announced.

import { expect, test } from 'vitest';
import type { ConfidenceView } from '../../protocol';
import { lines, rows, share } from './list';

const row = (place: number, name: string, resigned = ''): ConfidenceView['rows'][string] => ({
  place,
  name,
  office: '',
  report_sent: true,
  absent: false,
  resigned,
});

test('the list has the order of the ballot, whatever the ids or results are', () => {
  const view = {
    rows: { z: row(1, 'Bà Một'), a: row(2, 'Ông Hai', 'Nghỉ hưu'), m: row(10, 'Ông Mười') },
  } as Partial<ConfidenceView> as ConfidenceView;
  expect(rows(view).map(([id]) => id)).toEqual(['z', 'a', 'm']);
  expect(lines(view).map((line) => line.label)).toEqual(['Bà Một', 'Ông Mười']);
});

test('a share is written with two decimals', () => {
  expect(share(4468, true)).toBe('44,68');
  expect(share(6809, false)).toBe('68.09');
  expect(share(0, true)).toBe('0,00');
  expect(share(10_000, true)).toBe('100,00');
  expect(share(5, true)).toBe('0,05');
});
