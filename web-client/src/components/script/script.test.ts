// The chair's words: what belongs to the moment, with the numbers of the moment; what was written by hand goes before the template.

import { describe, expect, test } from 'vitest';
import { council } from '../../fixtures/consoles';
import { announcedVote, NOW, sampleVote } from '../../fixtures/view';
import type { Shared } from '../../protocol';
import { fill, itemTemplate, itemWords, values, wordsNow } from './script';

const now = (change: (shared: Shared) => void = () => undefined): string => {
  const shared = council();
  change(shared);
  return wordsNow(shared, NOW).join('\n');
};
const silent = (shared: Shared): void => {
  delete shared.turn;
  delete shared.ended;
};

describe('the words of the moment', () => {
  test('before the opening: how many are there, and the declaration only once the roll says that it is enough', () => {
    const waiting = now((shared) => {
      shared.sitting.phase = 'lobby';
      shared.snapshots = {};
    });
    expect(waiting).toContain(`có mặt ${council().quorum.present}/35`);
    expect(waiting).not.toContain('tuyên bố');
    expect(now((shared) => (shared.sitting.phase = 'lobby'))).toContain('Tôi tuyên bố khai mạc');
  });

  test('between two speakers: thanks, the suggested one by name and place, and who gets ready', () => {
    const shared = council();
    const [first, second] = Object.values(shared.requests)
      .filter(({ position }) => position !== undefined)
      .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    const said = now(silent);
    expect(said).toContain(`Xin mời đại biểu ${shared.people[first!.person]!.name}`);
    expect(said).toContain(`${shared.people[second!.person]!.name}`);
    expect(said).toContain('chuẩn bị');
    expect(said).toContain('thời gian 7 phút');
  });

  test('a speaker whose time is nearly over, over, or whose line is lost', () => {
    const at = (spent: number, pause?: 'line_lost') =>
      now((shared) => {
        if (!shared.turn) throw new Error('nobody speaks');
        Object.assign(shared.turn, { spent_ms: spent, limit_ms: 420_000, running_since: undefined, pause });
      });
    expect(at(380_000)).toContain('sắp hết');
    expect(at(430_000)).toContain('gửi bằng văn bản');
    expect(at(10_000, 'line_lost')).toContain('mất kết nối');
  });

  test('a vote: the threshold while it is open, the result when it is announced, no result before', () => {
    const vote = (view: ReturnType<typeof sampleVote>) => (shared: Shared) => {
      shared.votes = { v1: view };
      shared.vote = 'v1';
    };
    expect(now(vote(sampleVote()))).toContain('Cần ít nhất 18/35');
    expect(now(vote(sampleVote({ state: 'checking', result: announcedVote().result })))).not.toContain('26');
    expect(now(vote(announcedVote()))).toContain('26/35 đại biểu tán thành, bằng 74,2 %');
  });

  test('an item that has just been opened is introduced by the words that were written for it', () => {
    const said = now((shared) => {
      silent(shared);
      shared.turns = {};
      shared.scripts = { 'muc-3': { text: 'Kính thưa { có mặt } vị, {chưa biết}.', by: 'minh', at: NOW } };
    });
    expect(said).toContain(`Kính thưa ${council().quorum.present} vị, {chưa biết}.`);
  });
});

test('a template is edited with its names in braces, and comes back with numbers', () => {
  const shared = council();
  const template = itemTemplate(shared, 'muc-3');
  expect(template).toContain('{nội dung}');
  expect(template).not.toContain(shared.agenda['muc-3']!.title);
  expect(fill(template, values(shared, NOW, 'muc-3'))).toBe(itemWords(shared, 'muc-3', NOW));
  expect(itemWords(shared, 'muc-3', NOW)).toContain(shared.agenda['muc-3']!.title);
});

test('every kind of item has words', () => {
  const shared = council();
  for (const item of Object.keys(shared.agenda)) expect(itemWords(shared, item, NOW)).not.toMatch(/script-|\{/);
});
