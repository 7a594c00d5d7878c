// What this device keeps as a witness (PRODUCT 3.18): the texts that the hub signed, as they came, to the last byte. Whoever
// holds them can show that a journal was cut off, or that an older one was put back. It does not check signatures: that is for
// the inspector, with the hub's public key.

import type { Keep } from '../net/outbox';
import type { ServerMessage } from '../protocol';

export type Checkpoint = Omit<Extract<ServerMessage, { type: 'checkpoint' }>, 'type'>;

/** A day of sittings, signed every minute. What is older is covered by what is newer. */
const KEPT = 1_000;

/** Sittings of which texts are held. An inspector asks about the last ones; what is older was handed over long ago. */
const SITTINGS = 6;
/** Under which the names of those sittings stand, the oldest first. */
const INDEX = 'witness';

type Kept = [number: number, text: string];

export class Witness {
  #keep: Keep | undefined;
  #kept = new Map<string, Kept[]>();

  constructor(keep: Keep | undefined) {
    this.#keep = keep;
  }

  /** Keeps a checkpoint. `against` means that it cannot follow from what is held here: the hub's journal is not the one it was. */
  take(checkpoint: Checkpoint): 'kept' | 'known' | 'against' {
    const kept = this.#of(checkpoint.sitting);
    const same = kept.find(([number]) => number === checkpoint.number);
    if (same) return same[1] === checkpoint.text ? 'known' : 'against';
    const newest = kept.at(-1);
    if (newest && newest[0] > checkpoint.number) return 'against';
    kept.push([checkpoint.number, checkpoint.text]);
    kept.splice(0, kept.length - KEPT);
    this.#store(checkpoint.sitting, kept);
    return 'kept';
  }

  /** The newest that is held of a sitting is what the hub showed last. */
  count(sitting: string): number {
    return this.#of(sitting).length;
  }

  /** The file for an inspector: all texts of a sitting, oldest first. */
  file(sitting: string): string {
    return this.#of(sitting)
      .map(([, text]) => text)
      .join('\n');
  }

  #of(sitting: string): Kept[] {
    const known = this.#kept.get(sitting) ?? read(this.#keep?.getItem(name(sitting)));
    this.#kept.set(sitting, known);
    return known;
  }

  #store(sitting: string, kept: Kept[]): void {
    if (kept.length === 1) this.#prune(sitting);
    try {
      this.#keep?.setItem(name(sitting), JSON.stringify(kept));
    } catch {
      // A full store keeps what it has; the newest half is worth more than none.
      kept.splice(0, Math.ceil(kept.length / 2));
      try {
        this.#keep?.setItem(name(sitting), JSON.stringify(kept));
      } catch {
        // Held in memory only, while the page lives.
      }
    }
  }

  /** Makes room for a sitting that is new on this device: the oldest goes. */
  #prune(sitting: string): void {
    const sittings = names(this.#keep?.getItem(INDEX)).filter((known) => known !== sitting);
    sittings.push(sitting);
    for (const old of sittings.splice(0, Math.max(0, sittings.length - SITTINGS))) {
      this.#keep?.removeItem(name(old));
      this.#kept.delete(old);
    }
    try {
      this.#keep?.setItem(INDEX, JSON.stringify(sittings));
    } catch {
      // A full store: the next sitting makes room.
    }
  }
}

const name = (sitting: string): string => `witness:${sitting}`;

function names(stored: string | null | undefined): string[] {
  try {
    const kept: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function read(stored: string | null | undefined): Kept[] {
  try {
    const kept: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(kept) ? kept.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(one: unknown): one is Kept {
  return Array.isArray(one) && typeof one[0] === 'number' && typeof one[1] === 'string';
}
