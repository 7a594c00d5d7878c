// The server's clock as this device can know it. Every ping gives a sample; the one with the shortest round trip is the
// best, because the error of a sample is at most half its round trip.

interface Sample {
  offset: number;
  rtt: number;
}

const KEPT = 12;
/** A clock that disagrees by more than its round trip allows has been set, or the device slept: start anew. */
const JUMP_MS = 1_000;

export class OffsetEstimate {
  #samples: Sample[] = [];

  /** A message sent at `sent` (local ms) was answered at `received` (local ms) with the server's time `server`. */
  add(sent: number, received: number, server: number): void {
    const rtt = Math.max(0, received - sent);
    const offset = server - (sent + rtt / 2);
    if (this.#samples.length > 0 && Math.abs(offset - this.value) > JUMP_MS + rtt) this.#samples = [];
    this.#samples.push({ offset, rtt });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  /** Server time minus local time, in ms; zero before the first sample. */
  get value(): number {
    const [first, ...others] = this.#samples;
    if (!first) return 0;
    return others.reduce((best, sample) => (sample.rtt <= best.rtt ? sample : best), first).offset;
  }
}
