// What a secretary types is kept within two seconds, in order, without a letter lost while the line is slow, and what another
// secretary has written meanwhile never takes a half-typed sentence away.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Outcome } from '../../state/mirror.svelte';
import { Draft, type Written } from './draft.svelte';

const KEPT: Outcome = { ok: true, seq: 1, at: 0 };
type Mark = 'commitment' | 'petition';

/** A hub that answers when the test says so. */
function slow(): { saved: Written<Mark>[]; answer: (outcome?: Outcome) => Promise<void>; draft: Draft<Mark> } {
  const saved: Written<Mark>[] = [];
  let done: ((outcome: Outcome) => void) | undefined;
  const draft = new Draft<Mark>(
    (written) => {
      saved.push(written);
      return new Promise((resolve) => (done = resolve));
    },
    { text: '', marks: [] },
  );
  const answer = async (outcome: Outcome = KEPT): Promise<void> => {
    done?.(outcome);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { saved, answer, draft };
}

describe('a draft', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is given within two seconds of the first letter, however long somebody types', async () => {
    const { saved, draft } = slow();
    for (let n = 1; n <= 20; n += 1) {
      draft.type('a'.repeat(n));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(saved.map(({ text }) => text.length)).toEqual([12]);
    expect(draft.state).toBe('sending');
  });

  test('sends the newest text when the line was slow, one command at a time', async () => {
    const { saved, answer, draft } = slow();
    draft.type('Đề nghị');
    await vi.advanceTimersByTimeAsync(2_000);
    draft.type('Đề nghị sửa');
    draft.type('Đề nghị sửa đường');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved).toHaveLength(1);
    await answer();
    expect(draft.state).toBe('typing');
    await vi.advanceTimersByTimeAsync(2_000);
    await answer();
    expect(saved.map(({ text }) => text)).toEqual(['Đề nghị', 'Đề nghị sửa đường']);
    expect(draft.state).toBe('kept');
  });

  test('takes over what another has written only while nothing waits here', async () => {
    const { answer, draft } = slow();
    draft.show({ text: 'của người khác', marks: ['petition'] });
    expect(draft.text).toBe('của người khác');
    draft.type('của tôi');
    draft.show({ text: 'mới hơn', marks: [] });
    expect(draft.text).toBe('của tôi');
    await vi.advanceTimersByTimeAsync(2_000);
    draft.show({ text: 'mới hơn', marks: [] });
    expect(draft.text).toBe('của tôi');
    await answer();
    draft.show({ text: 'mới hơn', marks: [] });
    expect(draft.text).toBe('mới hơn');
  });

  test('says so when the hub has not kept it, and keeps the text', async () => {
    const { saved, answer, draft } = slow();
    draft.mark('commitment');
    expect(saved).toEqual([{ text: '', marks: ['commitment'] }]);
    await answer({ ok: false, unavailable: true });
    expect(draft.state).toBe('failed');
    draft.show({ text: '', marks: [] });
    expect(draft.marks).toEqual(['commitment']);
    draft.flush();
    await answer({ ok: false, refusal: { code: 'no_change' } });
    expect(draft.state).toBe('kept');
  });
});
