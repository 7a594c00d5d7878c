// The server's clock, ticking on this screen. Every countdown on every screen counts to a deadline on this clock
// (PRODUCT 3.0), so that two screens side by side show the same second.

import { OffsetEstimate } from '../net/offset';

const TICK_MS = 200;

/** Local time that never jumps when somebody sets the computer's clock. */
const local = (): number => performance.timeOrigin + performance.now();

class Clock {
  #estimate = new OffsetEstimate();
  #sent = new Map<number, number>();
  #now = $state(local());
  #ticking: ReturnType<typeof setInterval> | undefined;

  /** Server time in ms, reactive, new every 200 ms. */
  get now(): number {
    return this.#now;
  }

  /** Server time in ms at this very moment; not reactive. */
  exact(): number {
    return local() + this.#estimate.value;
  }

  start(): void {
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS);
  }

  /** A question numbered `n` has just been sent; its answer will carry the server's time. */
  asked(n: number): void {
    this.#sent.set(n, local());
    if (this.#sent.size > 8) this.#sent.delete(this.#sent.keys().next().value ?? n);
  }

  answered(n: number, server: number): void {
    const sent = this.#sent.get(n);
    if (sent === undefined) return;
    this.#sent.delete(n);
    this.#estimate.add(sent, local(), server);
    this.#tick();
  }

  /** A first guess from a message that answers nothing in particular. */
  heard(server: number): void {
    const now = local();
    // As if half a second had passed on the way, so that any ping is the better sample; the value itself is "just now".
    this.#estimate.add(now - 500, now, server - 250);
    this.#tick();
  }

  /** The clock of a test or a fixture stands where it is put. */
  set(now: number): void {
    clearInterval(this.#ticking);
    this.#ticking = undefined;
    this.#now = now;
  }

  #tick(): void {
    this.#now = this.exact();
  }
}

export const clock = new Clock();
