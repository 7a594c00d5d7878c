import { expect, test } from 'vitest';
import { follower, Reorder } from './reorder.svelte';

/** A queue of four, and what was done with it and said. */
function four() {
  const done: unknown[][] = [];
  let ids = ['an', 'ba', 'ca', 'du'];
  const reorder = new Reorder({
    ids: () => ids,
    put: (id, at) => done.push(['put', id, at, follower(ids, id, at)]),
    say: (what, id, at) => done.push([what, id, at]),
  });
  const press = (id: string, key: string, altKey = false): boolean => {
    let taken = false;
    const event = { key, altKey, preventDefault: () => (taken = true), stopPropagation: () => undefined };
    reorder.key(event as unknown as KeyboardEvent, id);
    return taken;
  };
  return { reorder, done, press, become: (next: string[]) => (ids = next) };
}

test('taken, carried over two others and put down, in one command', () => {
  const { reorder, done, press } = four();
  press('ca', ' ');
  expect(reorder.mark).toBeUndefined();
  press('ca', 'ArrowUp');
  expect(reorder.mark).toBe('ba');
  press('ca', 'ArrowUp');
  press('ca', 'ArrowUp');
  expect(reorder.mark).toBe('an');
  press('ca', 'Enter');
  expect(done).toEqual([
    ['taken', 'ca', 2],
    ['at', 'ca', 1],
    ['at', 'ca', 0],
    ['at', 'ca', 0],
    ['put', 'ca', 0, 'an'],
  ]);
  expect(reorder.held).toBeUndefined();
});

test('behind all others there is no follower', () => {
  const { reorder, done, press } = four();
  press('ba', ' ');
  press('ba', 'End');
  expect(reorder.mark).toBe('end');
  press('ba', ' ');
  expect(done.at(-1)).toEqual(['put', 'ba', 3, undefined]);
});

test('Escape, or the same place again, changes nothing', () => {
  const { reorder, done, press } = four();
  press('ba', ' ');
  press('ba', 'ArrowDown');
  press('ba', 'Escape');
  press('ba', ' ');
  press('ba', ' ');
  expect(done.filter(([what]) => what === 'put')).toEqual([]);
  expect(done.at(-1)).toEqual(['left', 'ba', 1]);
  expect(reorder.held).toBeUndefined();
});

test('Alt and an arrow move one place at once; an arrow alone belongs to the page', () => {
  const { done, press } = four();
  expect(press('ba', 'ArrowDown')).toBe(false);
  expect(press('ba', 'ArrowDown', true)).toBe(true);
  expect(press('an', 'ArrowUp', true)).toBe(true);
  expect(done).toEqual([
    ['put', 'ba', 2, 'du'],
    ['left', 'an', 0],
  ]);
});

test('a queue that changes under the hand is measured anew', () => {
  const { done, press, become } = four();
  press('du', ' ');
  press('du', 'ArrowUp');
  become(['ba', 'ca', 'du']);
  press('du', ' ');
  expect(done.at(-1)).toEqual(['left', 'du', 2]);
});
