// Pairing a tablet with a seat (PRODUCT 3.1): the room's code gives the names that sit there, a name and its PIN give the
// personal key. Never throws; what went wrong is a word.

import type { PersonId, SiteId } from '../protocol';

export interface Seat {
  pairing: string;
  site: { id: SiteId; name: string };
  people: { id: PersonId; name: string; title: string; group: string }[];
}

export type PairingTrouble =
  'bad_code' | 'bad_pairing' | 'bad_pin' | 'pin_locked' | 'not_allowed' | 'too_fast' | 'unreachable';

export type PairingAnswer<T> =
  { ok: true; got: T } | { ok: false; trouble: PairingTrouble; left?: number; waitS?: number };

const KNOWN: readonly string[] = ['bad_code', 'bad_pairing', 'bad_pin', 'pin_locked', 'not_allowed', 'too_fast'];

async function post<T>(path: string, body: unknown): Promise<PairingAnswer<T>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
    });
    const got: unknown = await response.json();
    if (response.ok) return { ok: true, got: got as T };
    const { code, left, retry_after_s } = got as { code?: string; left?: number; retry_after_s?: number };
    if (code === undefined || !KNOWN.includes(code)) return { ok: false, trouble: 'unreachable' };
    return {
      ok: false,
      trouble: code as PairingTrouble,
      ...(left !== undefined && { left }),
      ...(retry_after_s !== undefined && { waitS: retry_after_s }),
    };
  } catch {
    return { ok: false, trouble: 'unreachable' };
  }
}

/** Who may sit down at the room that shows this code. */
export function startPairing(code: string): Promise<PairingAnswer<Seat>> {
  return post('/api/pairing', { code });
}

/** Sits down: the answer is the personal key of the delegate's page. */
export function confirmPairing(
  pairing: string,
  person: PersonId,
  pin: string,
): Promise<PairingAnswer<{ key: string }>> {
  return post('/api/pairing/confirm', { pairing, person, pin });
}

/** Unlocks somebody's PIN, for a secretary, who is told it. */
export function unlockPin(key: string, person: PersonId): Promise<PairingAnswer<{ pin: string }>> {
  return post('/api/pin', { key, person });
}
