/*
 * A desk: what a person's screen does with its mirror. Sends commands, remembers the last one that was recorded and offers
 * the way back from those that have one (PRODUCT 3.0 P7). Knows no rule of a meeting and draws nothing.
 *
 * Input: commands from the components of a page. Output: `recorded` and `notes`, shown by Recorded and Notes.
 */
import { getContext, setContext } from 'svelte';
import type { Act, Command, Refusal } from '../protocol';
import type { Mirror, Outcome } from '../state/mirror.svelte';
import { Keys } from './keys.svelte';

/** How long a way back is offered, in milliseconds (PRODUCT 3.0 P7: at least 10 s). */
export const UNDO_MS = 12_000;

/** A short notice at the edge of the screen. */
export interface Note {
  id: number;
  /** What happened, as a finished sentence. */
  text: string;
  /** Why a command was refused, when it had no place of its own to say so. */
  refusal?: Refusal;
  /** The hub could not write the command down. */
  unavailable?: boolean;
  /** The command that leads back. */
  undo?: Command;
  /** When it goes away, on this device's clock. */
  until: number;
}

/** What a component says about the command it sends. */
export interface Saying {
  /** Past tense, for "đã ghi nhận": what happened. */
  what?: string | undefined;
  /** The command that undoes it, while the notice stands. */
  undo?: Command | undefined;
  /** The component shows a refusal itself. */
  ownRefusal?: boolean | undefined;
}

export class Desk {
  readonly mirror: Mirror;
  readonly keys = new Keys();
  recorded = $state<{ what: string; at: number } | undefined>();
  notes = $state<Note[]>([]);
  #count = 0;

  constructor(mirror: Mirror) {
    this.mirror = mirror;
  }

  /** Sends a command; resolves when the hub has answered it, however long the line is gone. */
  async run(command: Command, saying: Saying = {}): Promise<Outcome> {
    const outcome = await this.mirror.send(command);
    if (outcome.ok) {
      // The way back from an older act on the same thing would now lead somewhere else.
      this.notes = this.notes.filter((note) => note.undo === undefined || subject(note.undo) !== subject(command));
      this.recorded = { what: saying.what ?? '', at: outcome.at };
      if (saying.undo) this.note({ text: saying.what ?? '', undo: saying.undo });
    } else if (!saying.ownRefusal) {
      this.note(
        'refusal' in outcome
          ? { text: saying.what ?? '', refusal: outcome.refusal }
          : { text: saying.what ?? '', unavailable: true },
      );
    }
    return outcome;
  }

  /** The server offers this act now. */
  can(act: Act): boolean {
    return this.mirror.mine?.can.includes(act) ?? false;
  }

  /**
   * Why an act of this screen is not possible now; absent when it is, or when it belongs to another role: that is not shown
   * at all, while everything else stays in its place and says why it must wait.
   */
  cannot(act: Act): Refusal | undefined {
    const refusal = this.mirror.mine?.cannot[act];
    return refusal?.code === 'not_allowed' || refusal?.code === 'not_presiding' ? undefined : refusal;
  }

  note(note: Omit<Note, 'id' | 'until'>): void {
    this.#count += 1;
    const id = this.#count;
    this.notes = [...this.notes.slice(-2), { ...note, id, until: Date.now() + UNDO_MS }];
    setTimeout(() => this.dismiss(id), UNDO_MS);
  }

  dismiss(id: number): void {
    this.notes = this.notes.filter((note) => note.id !== id);
  }
}

/** Whom or what a command is about. */
function subject(command: Command): string {
  if ('person' in command && command.person !== undefined) return command.person;
  if ('request' in command) return command.request;
  return command.do;
}

const KEY = Symbol('desk');

/** Makes the desk of a page, or takes one that was made; call once, in the page. */
export function setDesk(of: Mirror | Desk): Desk {
  return setContext(KEY, of instanceof Desk ? of : new Desk(of));
}

export function getDesk(): Desk {
  return getContext<Desk>(KEY);
}
