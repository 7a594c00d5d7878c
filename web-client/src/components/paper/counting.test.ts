// What a member of the counting board types: an empty field is no zero, and a sum that does not hold is named before it is sent.

import { describe, expect, test } from 'vitest';
import { checks, complete, nothingTyped, typedNumber, verdict } from './counting';

const lines = [
  { id: '1', label: 'Bà Một' },
  { id: '2', label: 'Ông Hai' },
];
const marks = ['high', 'middle', 'low'].map((id) => ({ id, label: id }));

function typed() {
  const all = nothingTyped(lines, marks);
  Object.assign(all, { returned: 44, missing: 1, valid: 43, invalid: 1, spoilt: { '1': 0, '2': 1 } });
  all.marks = { '1': { high: 21, middle: 14, low: 8 }, '2': { high: 3, middle: 7, low: 32 } };
  return all;
}

describe('a count', () => {
  test('that holds in every sum can be sent as it was typed', () => {
    expect(checks(45, lines, typed()).map(verdict)).toEqual(['holds', 'holds', 'holds', 'holds']);
    expect(complete(typed())).toEqual(typed());
  });

  test('is not sent with an empty field, which is no zero', () => {
    const all = typed();
    all.spoilt['2'] = undefined;
    expect(complete(all)).toBeUndefined();
    expect(checks(45, lines, all).map(verdict)).toEqual(['holds', 'holds', 'holds', 'open']);
    expect(complete(nothingTyped(lines, marks))).toBeUndefined();
  });

  test('names the sum that does not hold', () => {
    const all = typed();
    all.marks['1'] = { high: 22, middle: 14, low: 8 };
    all.missing = 2;
    const wrong = checks(45, lines, all).filter((check) => verdict(check) === 'wrong');
    expect(wrong.map((check) => [check.sum, check.line?.id, check.wanted, check.found])).toEqual([
      ['issued', undefined, 45, 46],
      ['marks', '1', 43, 44],
    ]);
  });

  test('takes whole numbers only', () => {
    expect(['12', ' 7 ', '0', '', '-1', '1.5', '1e3', '123456'].map(typedNumber)).toEqual([
      12,
      7,
      0,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
