// Commands that the hub has not answered yet. They keep their id through a reconnect and through a reload of the page, so
// that a repeated command is decided once (PRODUCT 3.0 P3). The order of giving is the order of sending.

import type { Command } from '../protocol';

/** A command that waits for its answer. */
export interface Pending {
  id: string;
  command: Command;
  /** When it was given, server time in ms. */
  since: number;
}

/** Where the outbox is kept while the page is reloaded; `sessionStorage` in a browser. */
export interface Keep {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Outbox {
  #waiting: Pending[] = [];

  constructor(
    private readonly keep: Keep | undefined,
    private readonly name: string,
  ) {
    try {
      const stored: unknown = JSON.parse(this.keep?.getItem(this.name) ?? '[]');
      if (Array.isArray(stored)) this.#waiting = stored as Pending[];
    } catch {
      this.#waiting = [];
    }
  }

  get waiting(): readonly Pending[] {
    return this.#waiting;
  }

  add(pending: Pending): void {
    this.#waiting = [...this.#waiting, pending];
    this.#store();
  }

  /** The command was answered, whatever the answer. */
  answered(id: string): void {
    this.#waiting = this.#waiting.filter((pending) => pending.id !== id);
    this.#store();
  }

  #store(): void {
    try {
      if (this.#waiting.length === 0) this.keep?.removeItem(this.name);
      else this.keep?.setItem(this.name, JSON.stringify(this.#waiting));
    } catch {
      // Storage is full or forbidden: the commands still survive a reconnect, only not a reload.
    }
  }
}
