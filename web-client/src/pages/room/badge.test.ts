import { expect, test } from 'vitest';
import type { CheckRules, Link } from '../../protocol';
import { badgeNow, CalmBadge, type Own } from './badge';
import { loudestSecond } from './checker.svelte';

const limits = (loss_permille: number, rtt_ms: number) => ({ loss_permille, rtt_ms, up_kbps: 600, down_kbps: 600 });
const rules = { good: limits(10, 150), fair: limits(50, 400) } as CheckRules;
const link = (more: Partial<Link> = {}): Link => ({
  state: 'good',
  level: -30,
  loss_up: 0,
  loss_down: 0,
  rtt_ms: 20,
  up_kbps: 900,
  down_kbps: 2_000,
  still: 0,
  ...more,
});

const own = (more: Partial<Own> = {}): Own => ({ transport: 'udp', lost: false, still: 0, soundOnly: false, ...more });

test('the line in one word, by the thresholds of the sitting', () => {
  expect(badgeNow(undefined, rules, own({ transport: undefined }))).toBe('measuring');
  expect(badgeNow(link(), rules, own())).toBe('good');
  expect(badgeNow(link(), rules, own({ transport: 'tcp' }))).toBe('tcp');
  expect(badgeNow(link(), rules, own({ transport: 'relay' }))).toBe('relay');
  expect(badgeNow(link({ loss_down: 1 }), rules, own())).toBe('weak');
  expect(badgeNow(link({ rtt_ms: 400 }), rules, own())).toBe('poor');
  expect(badgeNow(link({ loss_up: 6 }), rules, own({ transport: 'tcp' }))).toBe('poor');
  expect(badgeNow(link(), rules, own({ lost: true }))).toBe('lost');
});

test('pictures that stand still are named before a little loss is', () => {
  expect(badgeNow(link({ loss_down: 1 }), rules, own({ still: 2 }))).toBe('still');
  expect(badgeNow(link({ loss_down: 6 }), rules, own({ still: 2 }))).toBe('poor');
});

test('sound alone is said at once, and taken back at once', () => {
  const badge = new CalmBadge();
  badge.feed('poor', 0);
  expect(badge.feed(badgeNow(link(), rules, own({ soundOnly: true })), 1_000)).toBe('sound');
  expect(badge.feed('weak', 2_000)).toBe('weak');
});

test('one bad second changes nothing on the wall', () => {
  const badge = new CalmBadge();
  expect(badge.feed('good', 0)).toBe('good');
  expect(badge.feed('poor', 1_000)).toBe('good');
  expect(badge.feed('good', 2_000)).toBe('good');
  expect(badge.feed('weak', 3_000)).toBe('good');
  expect(badge.feed('weak', 7_000)).toBe('weak');
});

test('a line that swings between weak and poor is not good for that', () => {
  const badge = new CalmBadge();
  badge.feed('good', 0);
  let said = '';
  for (let at = 1_000; at <= 6_000; at += 1_000) said = badge.feed(at % 2_000 === 0 ? 'weak' : 'poor', at);
  expect(['weak', 'poor']).toContain(said);
});

test('better is believed later than worse; a lost line at once', () => {
  const badge = new CalmBadge();
  badge.feed('weak', 0);
  expect(badge.feed('good', 1_000)).toBe('weak');
  expect(badge.feed('good', 10_000)).toBe('weak');
  expect(badge.feed('good', 11_000)).toBe('good');
  expect(badge.feed('lost', 12_000)).toBe('lost');
});

test('the loudest second is what a voice is judged by', () => {
  const quiet = Array.from({ length: 60 }, () => 1e-8);
  const spoken = quiet.map((square, at) => (at >= 20 && at < 40 ? 0.004 : square));
  expect(loudestSecond(spoken, 20)).toBe(-24);
  expect(loudestSecond([], 20)).toBe(-127);
});
