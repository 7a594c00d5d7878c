// How much of a narrow line a voice may take on its way up. A browser that sends redundancy sends it twice and does not count
// that; where the line is narrow, the picture and everything that is pressed would have to live on the rest. Pure: fed once a second.

/** A line that carries no more than this beside everything else has a modest voice, bit/s, */
const NARROW = 140_000;
/** until it carries so much, */
const WIDE = 250_000;
/** for so many seconds; to become modest a second and another do. */
const PATIENT = 10;
const SOON = 2;
/** Speech that is understood without effort (Opus, wide band), bit/s. */
export const MODEST = 18_000;

export class Thrift {
  #isModest = false;
  #seconds = 0;

  /** @param available what the browser thinks that it could send, bit/s @returns the most that the voice may take; undefined = as usual */
  feed(available: number | undefined): number | undefined {
    if (available !== undefined) {
      const speaksAgainst = this.#isModest ? available >= WIDE : available <= NARROW;
      this.#seconds = speaksAgainst ? this.#seconds + 1 : 0;
      if (this.#seconds >= (this.#isModest ? PATIENT : SOON)) {
        this.#isModest = !this.#isModest;
        this.#seconds = 0;
      }
    }
    return this.#isModest ? MODEST : undefined;
  }
}
