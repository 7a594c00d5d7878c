/*
 * Another order by hand: one row is taken by its handle, with a mouse, a finger or keys, and put before another one. Holds only
 * what the hand does: the list is the server's and stays as it is until the server says otherwise. Draws nothing, knows no rule.
 *
 * Input: pointers and keys on a handle. Output: `held` for the eyes, `say` for the ears, one call of `put`.
 */

/** A pointer that has gone less far, px, has only touched. */
const TOUCH = 5;
/** So near to the edge of what scrolls, px, it scrolls, so many px for each picture. */
const EDGE = 56;
const SCROLL = 9;

export interface Held {
  id: string;
  /** How many of the other rows would stand before it. */
  at: number;
  by: 'pointer' | 'keys';
  /** How far it was drawn from its place, px. */
  drawn: number;
}

export interface Hand {
  /** The rows in the server's order. */
  ids: () => string[];
  /** Put down at another place. */
  put: (id: string, at: number) => void;
  /** What happens to what is held by keys, for ears. */
  say: (what: 'taken' | 'at' | 'left', id: string, at: number) => void;
}

/** How many of the other rows stand before this one; −1 = it is not there. */
export const placeOf = (ids: string[], id: string): number => ids.indexOf(id);

/** The row before which it would stand; undefined = behind all others. */
export const follower = (ids: string[], id: string, at: number): string | undefined =>
  ids.filter((other) => other !== id)[at];

export class Reorder {
  held = $state<Held | undefined>();
  #hand: Hand;
  #drop: (() => void) | undefined;

  constructor(hand: Hand) {
    this.#hand = hand;
  }

  /** The row over which a line shows where the held one would go; 'end' = under the last. Absent while nothing would change. */
  get mark(): string | undefined {
    const { held } = this;
    if (!held) return undefined;
    const ids = this.#hand.ids();
    return held.at === placeOf(ids, held.id) ? undefined : (follower(ids, held.id, held.at) ?? 'end');
  }

  /** Lets go of what is held; nothing has happened. */
  leave(): void {
    const { held } = this;
    this.#drop?.();
    this.held = undefined;
    if (held?.by !== 'keys') return;
    const place = placeOf(this.#hand.ids(), held.id);
    if (place >= 0) this.#hand.say('left', held.id, place);
  }

  /** Keys on a row's handle: Enter or Space takes and puts down, arrows choose, Alt with an arrow moves one place at once. */
  key(event: KeyboardEvent, id: string): void {
    const ids = this.#hand.ids();
    const last = ids.length - 1;
    const mine = this.held?.id === id && this.held.by === 'keys' ? this.held : undefined;
    const from = mine?.at ?? placeOf(ids, id);
    const places: Record<string, number> = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: last };
    const to = Math.min(last, Math.max(0, places[event.key] ?? from));
    if (event.key === 'Enter' || event.key === ' ') {
      if (mine) this.#put(id, mine.at);
      else {
        this.held = { id, at: from, by: 'keys', drawn: 0 };
        this.#hand.say('taken', id, from);
      }
    } else if (event.key === 'Escape' && mine) {
      this.leave();
    } else if (event.key in places && mine) {
      this.held = { ...mine, at: to };
      this.#hand.say('at', id, to);
    } else if (event.key in places && event.altKey) {
      this.#put(id, to);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** A pointer has gone down on the handle of a row of this list. */
  grab(event: PointerEvent & { currentTarget: HTMLElement }, id: string, list: HTMLElement): void {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault(); // no text is selected on the way
    this.leave();
    const { pointerId } = event;
    const area = scroller(list);
    const from = { y: event.clientY, scrolled: area.scrollTop };
    let y = event.clientY;
    let frame = 0;

    const follow = (): void => {
      const drawn = y - from.y + area.scrollTop - from.scrolled;
      if (!this.held && Math.abs(drawn) < TOUCH) return;
      const others = [...list.querySelectorAll<HTMLElement>(':scope > [data-request]')].filter(
        (row) => row.dataset.request !== id,
      );
      const middle = (row: HTMLElement): number => row.getBoundingClientRect().top + row.offsetHeight / 2;
      this.held = { id, at: others.filter((row) => middle(row) < y).length, by: 'pointer', drawn };
    };
    const scroll = (): void => {
      const { top, bottom } = area === document.documentElement ? view() : area.getBoundingClientRect();
      const by = y < top + EDGE ? -SCROLL : y > bottom - EDGE ? SCROLL : 0;
      if (this.held && by !== 0) {
        area.scrollTop += by;
        follow();
      }
      frame = requestAnimationFrame(scroll);
    };
    const moved = (event: PointerEvent): void => {
      if (event.pointerId !== pointerId) return;
      y = event.clientY;
      follow();
    };
    const up = (event: PointerEvent): void => {
      if (event.pointerId !== pointerId) return;
      const { held } = this;
      this.#drop?.();
      this.held = undefined;
      if (held) this.#put(id, held.at);
    };
    const left = (): void => this.leave();
    const escaped = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') this.leave();
    };
    this.#drop = () => {
      this.#drop = undefined;
      cancelAnimationFrame(frame);
      window.removeEventListener('pointermove', moved);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', left);
      window.removeEventListener('keydown', escaped, true);
    };
    event.currentTarget.setPointerCapture(pointerId);
    // The row may be moved under the finger by somebody else: the window still hears it.
    window.addEventListener('pointermove', moved);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', left);
    window.addEventListener('keydown', escaped, true);
    scroll();
  }

  #put(id: string, at: number): void {
    this.held = undefined;
    const from = placeOf(this.#hand.ids(), id);
    if (from < 0) return;
    if (from === at) this.#hand.say('left', id, from);
    else this.#hand.put(id, at);
  }
}

/** What scrolls around an element: the nearest that can, else the page. */
function scroller(element: HTMLElement): HTMLElement {
  for (let around = element.parentElement; around; around = around.parentElement) {
    const { overflowY } = getComputedStyle(around);
    if ((overflowY === 'auto' || overflowY === 'scroll') && around.scrollHeight > around.clientHeight) return around;
  }
  return document.documentElement;
}

const view = (): { top: number; bottom: number } => ({ top: 0, bottom: window.innerHeight });
