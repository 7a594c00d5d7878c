// The kiosk's two questions (PRODUCT 3.1): a PIN for a token, and a ballot with the token. The token is good for one ballot.

import type { PersonId, VoteId } from '../protocol';
import { type Answer, post } from './post';

const KNOWN = [
  'bad_pin',
  'pin_locked',
  'unknown',
  'nobody_there',
  'refused',
  'unavailable',
  'bad_key',
  'not_allowed',
  'too_fast',
] as const;

export type KioskAnswer<T> = Answer<T, (typeof KNOWN)[number]>;

/** Somebody stands in front of the kiosk and gives the PIN. */
export function unlockVoter(key: string, person: PersonId, pin: string): Promise<KioskAnswer<{ token: string }>> {
  return post('/api/kiosk/unlock', { key, person, pin }, KNOWN);
}

/** The ballot; durable when the answer comes. Sent again it carries the same id and is counted once. */
export function castAtKiosk(
  key: string,
  ballot: { token: string; id: string; vote: VoteId; marks: Record<string, string> },
): Promise<KioskAnswer<{ at: number }>> {
  return post('/api/kiosk/ballot', { key, ...ballot }, KNOWN);
}
