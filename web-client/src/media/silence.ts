// For how long nothing has come in. Fed by hand with what came in all; knows neither connections nor timers.

export class Silence {
  #bytes = 0;
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  /** So many bytes came in all, as far as is known now; `true` = more than before. */
  feed(now: number, bytes: number): boolean {
    const grew = bytes > this.#bytes;
    // After a restart the ways are counted anew.
    this.#bytes = bytes;
    if (grew) this.#since = now;
    return grew;
  }

  /** Whatever was missed before does not count: nobody looked. */
  begin(now: number): void {
    this.#since = now;
  }

  /** Milliseconds. */
  lasts(now: number): number {
    return now - this.#since;
  }
}
