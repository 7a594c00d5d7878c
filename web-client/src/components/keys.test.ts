// The keys of a page: a pad of numbers is a keyboard, and a finger that trembles has pressed once.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Keys } from './keys.svelte';

const down = (key: string, code = '', more: Partial<KeyboardEvent> = {}): KeyboardEvent =>
  ({ key, code, target: null, preventDefault: () => undefined, ...more }) as KeyboardEvent;

describe('the keys of a page', () => {
  let now = 0;
  beforeEach(() => {
    now = 10_000;
    vi.stubGlobal('Element', class {});
    vi.stubGlobal('document', { querySelector: () => null });
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  test('a pad of numbers says the same with and without its NumLock', () => {
    const keys = new Keys();
    const pressed: string[] = [];
    for (const key of ['1', '2']) keys.add({ key, label: key, run: () => pressed.push(key) });
    keys.press(down('1', 'Numpad1'));
    keys.press(down('ArrowDown', 'Numpad2'));
    keys.press(down('ArrowDown', 'ArrowDown'));
    expect(pressed).toEqual(['1', '2']);
  });

  test('a key that was pressed twice at once was pressed once, even when its control has changed meanwhile', () => {
    const keys = new Keys();
    const invited: string[] = [];
    let untake = keys.add({ key: '1', label: 'Mời', run: () => invited.push('first'), rest: 2_000 });
    keys.press(down('1'));
    untake();
    untake = keys.add({ key: '1', label: 'Mời', run: () => invited.push('second'), rest: 2_000 });
    now += 400;
    keys.press(down('1'));
    expect(invited).toEqual(['first']);
    now += 1_700;
    keys.press(down('1'));
    expect(invited).toEqual(['first', 'second']);
    untake();
  });

  test('one key that rests keeps no other one waiting, and a held key is pressed once', () => {
    const keys = new Keys();
    const run = vi.fn();
    keys.add({ key: '2', label: 'Kết thúc', run });
    keys.add({ key: '3', label: 'Thêm giờ', run });
    keys.press(down('2'));
    keys.press(down('3'));
    now += 1_000;
    keys.press(down('3', '', { repeat: true }));
    expect(run).toHaveBeenCalledTimes(2);
  });
});
