// Pairing a tablet with a seat (PRODUCT 3.1): the room's code gives the names that sit there, a name and its PIN give the
// personal key. Never throws; what went wrong is a word.

import type { PersonId, SiteId } from '../protocol';
import { type Answer, post } from './post';

export interface Seat {
  pairing: string;
  site: { id: SiteId; name: string };
  people: { id: PersonId; name: string; title: string; group: string }[];
}

const KNOWN = ['bad_code', 'bad_pairing', 'bad_pin', 'pin_locked', 'not_allowed', 'too_fast'] as const;

export type PairingAnswer<T> = Answer<T, (typeof KNOWN)[number]>;

/** Who may sit down at the room that shows this code. */
export function startPairing(code: string): Promise<PairingAnswer<Seat>> {
  return post('/api/pairing', { code }, KNOWN);
}

/** Sits down: the answer is the personal key of the delegate's page. */
export function confirmPairing(
  pairing: string,
  person: PersonId,
  pin: string,
): Promise<PairingAnswer<{ key: string }>> {
  return post('/api/pairing/confirm', { pairing, person, pin }, KNOWN);
}

/** Unlocks somebody's PIN, for a secretary, who is told it. */
export function unlockPin(key: string, person: PersonId): Promise<PairingAnswer<{ pin: string }>> {
  return post('/api/pin', { key, person }, KNOWN);
}
