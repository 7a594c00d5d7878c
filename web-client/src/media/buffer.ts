// How long voices wait before they are played. A council wants the words soon rather than smooth; but where packets get lost, what is
// sent again comes a round trip late, and a browser learns to wait for it only after half a minute. Pure: fed once a second.

/** Sound invented in a second from which words suffer, ms. */
const BAD_MS = 10;
/** A beginning, or a change of the speaker, is one bad second; a bad line has several. It takes four good seconds to forget one. */
const SEVERAL = 2;
const FIRST_MS = 120;
const STEP_MS = 60;
const MOST_MS = 240;
/** Good seconds after which a step is taken back. */
const GOOD = 20;

export class VoiceBuffer {
  #target = 0;
  #good = 0;
  #bad = 0;

  /** @param inventedMs in the last second, over all voices @returns how long voices are to wait at least, ms; 0 = as the browser thinks */
  feed(inventedMs: number): number {
    if (inventedMs >= BAD_MS) {
      this.#good = 0;
      this.#bad += 1;
      if (this.#bad < SEVERAL) return this.#target;
      this.#bad = 0;
      this.#target = this.#target === 0 ? FIRST_MS : Math.min(MOST_MS, this.#target + STEP_MS);
      return this.#target;
    }
    this.#bad = Math.max(0, this.#bad - 0.25);
    if (this.#target > 0) {
      this.#good += 1;
      if (this.#good >= GOOD) {
        this.#good = 0;
        this.#target = this.#target === FIRST_MS ? 0 : this.#target - STEP_MS;
      }
    }
    return this.#target;
  }
}
