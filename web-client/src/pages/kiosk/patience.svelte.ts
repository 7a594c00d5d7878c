// How long a person's name and choice stand on a tablet that nobody touches (PRODUCT 3.1, 3.14): long enough to read, not long
// enough for the next one to see.

/** Seconds without a touch, after which the screen is cleared. */
export const ACTING_S = 20;
/** Seconds for which a receipt stands. */
export const READING_S = 6;
/** The last seconds are counted aloud. */
const SOON_S = 5;

const TOUCHES = ['pointerdown', 'keydown'] as const;

export class Patience {
  /** Seconds that are left. */
  left = $state(ACTING_S);
  #over: () => void;

  constructor(over: () => void) {
    this.#over = over;
  }

  get soon(): boolean {
    return this.left <= SOON_S;
  }

  /** Counts from now on; a touch begins anew while somebody acts. The answer ends it. */
  watch(what: 'acting' | 'reading'): () => void {
    const whole = what === 'acting' ? ACTING_S : READING_S;
    this.left = whole;
    const again = (): void => {
      this.left = whole;
    };
    const timer = setInterval(() => {
      this.left = Math.max(0, this.left - 1);
      if (this.left === 0) this.#over();
    }, 1_000);
    if (what === 'acting') for (const touch of TOUCHES) window.addEventListener(touch, again);
    return () => {
      clearInterval(timer);
      for (const touch of TOUCHES) window.removeEventListener(touch, again);
    };
  }
}
