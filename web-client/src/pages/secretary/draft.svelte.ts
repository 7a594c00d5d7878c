/*
 * What somebody types, kept by the hub while they type (PRODUCT 3.10: at most 2 s later). One command at a time, the newest text in
 * the next one; what another has written is taken over only while nothing here waits to be kept. Knows no meeting and draws nothing.
 *
 * Input: what is typed, what the hub shows. Output: `text`, `marks`, `state`, and calls of `save`.
 */
import type { Outcome } from '../../state/mirror.svelte';

/** From the first letter to the command, ms; the rest of the two seconds is the line's. */
export const SAVE_MS = 1_200;

/** What a draft holds. */
export interface Written<Mark extends string> {
  text: string;
  marks: Mark[];
}

export type DraftState =
  /** As the hub has it. */
  | 'kept'
  /** Typed, not given yet. */
  | 'typing'
  /** On its way. */
  | 'sending'
  /** Refused, or the hub could not write: it stands here only. */
  | 'failed';

export class Draft<Mark extends string> {
  text = $state('');
  marks = $state<Mark[]>([]);
  state = $state<DraftState>('kept');
  #save: (written: Written<Mark>) => Promise<Outcome>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again = false;

  constructor(save: (written: Written<Mark>) => Promise<Outcome>, shown: Written<Mark>) {
    this.#save = save;
    this.text = shown.text;
    this.marks = [...shown.marks];
  }

  /** The hub shows this now. */
  show({ text, marks }: Written<Mark>): void {
    if (this.state !== 'kept') return;
    if (this.text !== text) this.text = text;
    if (marks.join() !== this.marks.join()) this.marks = [...marks];
  }

  type(text: string): void {
    this.text = text;
    this.#changed(SAVE_MS);
  }

  /** Puts a mark, or takes it away; kept at once. */
  mark(mark: Mark): void {
    this.marks = this.marks.includes(mark) ? this.marks.filter((one) => one !== mark) : [...this.marks, mark].sort();
    this.#changed(0);
  }

  /** Nobody waits any longer: what was typed goes out now. */
  flush(): void {
    if (this.state === 'typing' || this.state === 'failed') void this.#send();
  }

  #changed(wait: number): void {
    if (this.state === 'sending') {
      this.#again = true;
      return;
    }
    this.state = 'typing';
    if (wait === 0) void this.#send();
    else this.#timer ??= setTimeout(() => void this.#send(), wait);
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.state = 'sending';
    this.#again = false;
    const outcome = await this.#save({ text: this.text, marks: [...this.marks] });
    // What the hub has already is kept.
    const kept = outcome.ok || ('refusal' in outcome && outcome.refusal.code === 'no_change');
    this.state = kept ? 'kept' : 'failed';
    if (this.#again) {
      this.state = 'typing';
      this.#timer ??= setTimeout(() => void this.#send(), SAVE_MS);
    }
  }
}
