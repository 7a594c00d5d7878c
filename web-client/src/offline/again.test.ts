// A page of which a piece did not arrive comes back by itself: not before the hub answers, and not over and over at once.

import { describe, expect, test } from 'vitest';
import { loadAnew, loadedWell } from './again';

class Kept extends Map<string, string> {
  getItem = (key: string): string | null => this.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.set(key, value);
  removeItem = (key: string): void => void this.delete(key);
}

async function run(keep: Kept, answers: (boolean | Error)[]): Promise<{ waits: number[]; reloads: number }> {
  const seen = { waits: [] as number[], reloads: 0 };
  const left = [...answers];
  await loadAnew({
    origin: 'https://hub.example',
    keep,
    reload: () => (seen.reloads += 1),
    wait: (ms) => {
      seen.waits.push(ms);
      return Promise.resolve();
    },
    fetch: () => {
      const answer = left.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ ok: answer } as Response);
    },
  });
  return seen;
}

describe('a page that did not load whole', () => {
  test('waits until the hub answers', async () => {
    const { waits, reloads } = await run(new Kept(), [new Error('no network'), false, true]);
    expect(reloads).toBe(1);
    expect(waits).toHaveLength(3);
  });

  test('waits longer each time it was in vain, and forgets that once it went well', async () => {
    const keep = new Kept();
    const longest: number[] = [];
    for (let time = 0; time < 4; time += 1) longest.push((await run(keep, [true])).waits[0] ?? 0);
    expect(longest[0]).toBeLessThanOrEqual(500);
    expect(longest[3]).toBeGreaterThanOrEqual(2_000);
    loadedWell(keep);
    expect((await run(keep, [true])).waits[0]).toBeLessThanOrEqual(500);
  });
});
