import { expect, test } from 'vitest';
import { sampleShared } from '../../fixtures/view';
import { fit, grid, withInset } from './layout';
import { allPaired, helpPhone, scene } from './scene';

const FLOWING = ['phong-hoa-binh', 'phong-hoi-truong', 'phong-an-loc'];

test('Lan speaks from Hòa Bình: An Lộc sees her large and the hall small', () => {
  const shown = scene(sampleShared(), 'phong-an-loc', FLOWING);
  expect(shown.pictures).toEqual(['phong-hoa-binh', 'phong-hoi-truong']);
  expect(shown.speaker).toBe('lan');
  expect(shown.live).toBe(false);
  expect(shown.next.map(([id]) => id)).toEqual(['r2', 'r3', 'r4']);
});

test('her own room sees the hall large, and the red cue', () => {
  const shown = scene(sampleShared(), 'phong-hoa-binh', ['phong-hoi-truong']);
  expect(shown.pictures).toEqual(['phong-hoi-truong', 'phong-hoa-binh']);
  expect(shown.live).toBe(true);
});

test('without anybody beside it, the room on stage sees who flows to it', () => {
  const shared = sampleShared();
  shared.stage = { mode: 'speaker', primary: 'phong-hoa-binh' };
  expect(scene(shared, 'phong-hoa-binh', ['phong-hoi-truong']).pictures).toEqual([
    'phong-hoi-truong',
    'phong-hoa-binh',
  ]);
  expect(scene(shared, 'phong-hoa-binh', []).pictures).toEqual(['phong-hoa-binh']);
});

test('the hall sees the wards, and itself only when it is alone', () => {
  const shared = sampleShared();
  shared.stage = { mode: 'overview', primary: 'phong-hoi-truong' };
  expect(scene(shared, 'phong-hoi-truong', ['phong-an-loc']).pictures).toEqual(['phong-an-loc']);
  expect(scene(shared, 'phong-hoi-truong', []).pictures).toEqual(['phong-hoi-truong']);
});

test('rooms see each other during the technical check, and the slate in the waiting room', () => {
  const shared = sampleShared();
  shared.stage = { mode: 'waiting' };
  shared.sitting.phase = 'technical_check';
  expect(scene(shared, 'phong-an-loc', ['phong-hoa-binh']).slate).toBe('none');
  shared.sitting.phase = 'lobby';
  expect(scene(shared, 'phong-an-loc', ['phong-hoa-binh']).slate).toBe('waiting');
});

test('Đồng Tiến is on deck and knows for whom', () => {
  const shown = scene(sampleShared(), 'phong-dong-tien', FLOWING);
  expect(shown.onDeck).toBe(true);
  expect(shown.onDeckPerson).toBe('son');
});

test('nobody has the floor: the hall first, then whoever flows, none twice', () => {
  const shared = sampleShared();
  shared.stage = { mode: 'overview', primary: 'phong-hoi-truong' };
  const shown = scene(shared, 'phong-dong-tien', FLOWING);
  expect(shown.pictures).toEqual(['phong-hoi-truong', 'phong-hoa-binh', 'phong-an-loc']);
  expect(shown.speaker).toBeUndefined();
});

test('a name is called only while names are called', () => {
  const shared = sampleShared();
  shared.stage = { mode: 'roll_call' };
  shared.roll = { number: 1, state: 'first_round', calling: 'duc', next: 'nga', left: 9, unanswered: 2 };
  expect(scene(shared, 'phong-an-loc', []).calling).toBe('duc');
  shared.roll.state = 'collected';
  expect(scene(shared, 'phong-an-loc', []).calling).toBeUndefined();
});

test('the pairing code goes when every seat has a tablet; a ward calls the hall for help', () => {
  const shared = sampleShared();
  expect(allPaired(shared, 'hoa-binh')).toBe(true);
  expect(allPaired(shared, 'xuan-mai')).toBe(false);
  expect(helpPhone(shared, 'xuan-mai')?.site).toBe('Hội trường');
});

const box = (width: number, height: number) => ({ left: 0, top: 0, width, height });

test('pictures are 16:9, stay inside, and never overlap in a grid', () => {
  for (const [width, height] of [
    [1423, 1004],
    [671, 714],
    [2846, 2008],
    [900, 300],
  ] as const) {
    for (let count = 1; count <= 8; count += 1) {
      const boxes = grid(count, box(width, height), 10);
      for (const [at, one] of boxes.entries()) {
        expect(one.width / one.height).toBeCloseTo(16 / 9);
        expect(one.left).toBeGreaterThanOrEqual(-0.01);
        expect(one.left + one.width).toBeLessThanOrEqual(width + 0.01);
        expect(one.top + one.height).toBeLessThanOrEqual(height + 0.01);
        for (const other of boxes.slice(at + 1)) {
          const apart =
            one.left + one.width <= other.left + 0.01 ||
            other.left + other.width <= one.left + 0.01 ||
            one.top + one.height <= other.top + 0.01;
          expect(apart).toBe(true);
        }
      }
    }
  }
});

test('the large picture does not move when a small one comes', () => {
  expect(withInset(2, box(1423, 1004), 150, 10)[0]).toEqual(fit(box(1423, 1004)));
  const [large, small] = withInset(2, box(1423, 1004), 150, 10);
  expect(small!.top).toBeGreaterThan(large!.height);
});
