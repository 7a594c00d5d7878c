import { expect, test } from 'vitest';
import { sampleShared, sampleVote } from '../../fixtures/view';
import {
  complete,
  handsCounted,
  marksText,
  missingPeople,
  noHands,
  percent,
  shortHash,
  tooMany,
  votesInOrder,
} from './voting';

test('a share is rounded down, so that nothing short of all is shown as all', () => {
  expect(percent(18, 35, true)).toBe('51,4');
  expect(percent(24, 35, false)).toBe('68.5');
  expect(percent(1999, 2000, true)).toBe('99,9');
  expect(percent(35, 35, true)).toBe('100,0');
  expect(percent(1, 0, true)).toBe('–');
});

test('what is marked is said in words', () => {
  const vote = sampleVote();
  expect(marksText(vote, { '1': 'for' })).toBe('Tán thành');
  expect(marksText(vote, {})).toBe('');
  const list = {
    ...vote,
    lines: [
      { id: 'a', label: 'Ông Kiều Văn Mẫu' },
      { id: 'b', label: 'Bà Sầm Thị Thử' },
    ],
    at_most: 1,
    blanks: true,
  };
  expect(marksText(list, { a: 'for' })).toBe('Ông Kiều Văn Mẫu: Tán thành');
  expect(complete(list, {})).toBe(false);
  expect(complete(list, { b: 'for' })).toBe(true);
  expect(complete({ ...list, blanks: false }, { b: 'for' })).toBe(false);
  expect(tooMany(list, { a: 'for', b: 'for' })).toBe(true);
  expect(tooMany(list, { a: 'for', b: 'against' })).toBe(false);
});

test('who is missing and unreachable comes first', () => {
  const shared = sampleShared();
  const vote = {
    ...sampleVote(),
    missing: { lan: { channel: 'device' as const, online: true }, duc: { channel: 'device' as const, online: false } },
  };
  expect(missingPeople(shared, vote).map((one) => one.id)).toEqual(['duc', 'lan']);
});

test('votes stand in the order in which they were prepared, the tenth after the second', () => {
  const shared = { ...sampleShared(), votes: { v10: sampleVote(), v2: sampleVote() } };
  expect(votesInOrder(shared).map(([id]) => id)).toEqual(['v2', 'v10']);
});

test('hands are added up for each line', () => {
  const counts = noHands(sampleVote());
  expect(handsCounted(counts)).toEqual({ most: 0, fewest: 0 });
  counts['1'] = { for: 2, against: 1, abstain: 0 };
  expect(handsCounted(counts)).toEqual({ most: 3, fewest: 3 });
  expect(shortHash('0123456789abcdef01')).toBe('0123 4567 89ab cdef');
});
