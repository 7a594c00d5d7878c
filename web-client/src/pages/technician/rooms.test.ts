import { expect, test } from 'vitest';
import { sampleLinks, sampleShared } from '../../fixtures/view';
import { grade, rooms, summary } from './rooms';

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

test('the thresholds of the technical check', () => {
  expect([0.4, 2, 7, undefined].map((loss) => grade(loss, 1, 5))).toEqual(['good', 'fair', 'bad', 'none']);
});
