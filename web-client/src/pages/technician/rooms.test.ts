import { expect, test } from 'vitest';
import { sampleLinks, sampleShared } from '../../fixtures/view';
import { checked, grades, rooms, summary } from './rooms';

test('every room in its place, trouble told from a room that never came', () => {
  const shared = sampleShared();
  const list = rooms(shared, sampleLinks());
  expect(list.map((room) => [room.site.short, room.state, room.trouble])).toEqual([
    ['Hội trường', 'good', false],
    ['Hòa Bình', 'good', false],
    ['Đồng Tiến', 'degraded', true],
    ['An Lộc', 'no_sound', true],
    ['Xuân Mai', 'offline', true],
  ]);
  delete shared.endpoints['phong-xuan-mai']?.since;
  expect(summary(rooms(shared, sampleLinks()))).toEqual({ all: 5, online: 4, trouble: 2 });
});

test('a room without consent wants a look even on a good line', () => {
  const links = sampleLinks();
  const device = links['phong-hoa-binh']?.device;
  if (device) links['phong-hoa-binh']!.device = { ...device, consent: false };
  expect(rooms(sampleShared(), links).find((room) => room.site.short === 'Hòa Bình')?.trouble).toBe(true);
});

test('a picture that stands still wants a look', () => {
  const blind = rooms(sampleShared(), sampleLinks(), new Set(['phong-hoa-binh']));
  expect(blind.find((room) => room.site.short === 'Hòa Bình')?.trouble).toBe(true);
});

test('sound alone by choice is no trouble', () => {
  const links = sampleLinks();
  links['phong-hoa-binh']!.state = 'sound_only';
  expect(rooms(sampleShared(), links).find((room) => room.site.short === 'Hòa Bình')?.trouble).toBe(false);
});

test('the thresholds are those of the sitting', () => {
  const rules = sampleShared().check_rules;
  const link = sampleLinks()['phong-hoi-truong'];
  const read = (more: object) => grades(link && { ...link, ...more }, rules);
  expect([0.4, 2, 7].map((loss_up) => read({ loss_up }).loss)).toEqual(['good', 'fair', 'bad']);
  expect([149, 150, 400].map((rtt_ms) => read({ rtt_ms }).rtt)).toEqual(['good', 'fair', 'bad']);
  expect(grades(undefined, rules)).toEqual({ loss: 'none', rtt: 'none' });
  expect(grades(link, undefined)).toEqual({ loss: 'none', rtt: 'none' });
});

test('rooms that have passed are counted, conditionally or not', () => {
  const shared = sampleShared();
  expect(checked(rooms(shared, sampleLinks()))).toBe(2);
});
