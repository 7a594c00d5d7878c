// Stories of a device that keeps what the hub signed.

import { expect, test } from 'vitest';
import { type Checkpoint, Witness } from './witness';

class Drawer {
  held = new Map<string, string>();
  full = Infinity;
  getItem(key: string): string | null {
    return this.held.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (value.length > this.full) throw new Error('full');
    this.held.set(key, value);
  }
  removeItem(key: string): void {
    this.held.delete(key);
  }
}

function signed(number: number, text = `dấu kiểm ${number}\n`, sitting = 'phien-1'): Checkpoint {
  return { sitting, number, seq: number * 10, at: number * 60_000, code: 'AAAA-BBBB', text };
}

test('what the hub signed outlives the page, in order, each once', () => {
  const drawer = new Drawer();
  const witness = new Witness(drawer);
  expect([1, 2, 2, 3].map((number) => witness.take(signed(number)))).toEqual(['kept', 'kept', 'known', 'kept']);
  const later = new Witness(drawer);
  expect(later.file('phien-1')).toBe('dấu kiểm 1\n\ndấu kiểm 2\n\ndấu kiểm 3\n');
  expect(later.count('phien-2')).toBe(0);
});

test('a hub that shows another text under a known number, or an older one, is not believed', () => {
  const witness = new Witness(new Drawer());
  witness.take(signed(4));
  witness.take(signed(5));
  expect(witness.take(signed(5, 'viết lại\n'))).toBe('against');
  expect(witness.take(signed(3))).toBe('against');
  expect(witness.count('phien-1')).toBe(2);
  expect(witness.take(signed(9))).toBe('kept');
});

test('a full or damaged store does not keep the page from holding the newest', () => {
  const drawer = new Drawer();
  drawer.held.set('witness:phien-1', 'không phải JSON');
  const witness = new Witness(drawer);
  for (let number = 1; number <= 20; number += 1) witness.take(signed(number));
  drawer.full = 300;
  expect(witness.take(signed(21))).toBe('kept');
  expect(new Witness(drawer).file('phien-1')).toContain('dấu kiểm 21');
  expect(new Witness(undefined).take(signed(1))).toBe('kept');
});

test('the last sittings are held, older ones make room', () => {
  const drawer = new Drawer();
  for (let sitting = 1; sitting <= 9; sitting += 1) {
    const witness = new Witness(drawer);
    for (const number of [1, 2]) witness.take(signed(number, `dấu ${number}\n`, `phien-${sitting}`));
  }
  const held = [...drawer.held.keys()].filter((key) => key.startsWith('witness:')).sort();
  expect(held).toEqual([4, 5, 6, 7, 8, 9].map((sitting) => `witness:phien-${sitting}`));
  expect(new Witness(drawer).count('phien-9')).toBe(2);
  expect(new Witness(drawer).count('phien-3')).toBe(0);
});
