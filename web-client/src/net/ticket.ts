// The first step of every connection: the personal key, which stays in the fragment of the address and so out of every log,
// is exchanged for a ticket that opens one websocket.

import type { AudienceKind, EndpointId, KioskId, PersonId, SiteId } from '../protocol';

/** Whom the key belongs to. */
export type Who =
  | { kind: 'person'; id: PersonId; name: string; title: string; audiences: AudienceKind[] }
  | { kind: 'room'; id: EndpointId; name: string; site: SiteId }
  | { kind: 'kiosk'; id: KioskId; name: string; site: SiteId };

export interface Ticket {
  ticket: string;
  who: Who;
  sitting: { title: string; bodies: string[] };
}

export type TicketAnswer =
  | { got: 'ticket'; ticket: Ticket }
  | { got: 'bad_key' }
  | { got: 'too_fast'; waitMs: number }
  | { got: 'nothing'; late: boolean };

/**
 * Asks for a ticket. Never throws: a hub that cannot be reached is an ordinary answer.
 * @param limitMs after which there was no answer; `late` tells it from a refusal, which comes at once
 */
export async function askTicket(base: string, key: string, ask: typeof fetch, limitMs: number): Promise<TicketAnswer> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    const response = await ask(`${base}/api/ticket`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
      cache: 'no-store',
      signal: limit,
    });
    if (response.ok) return { got: 'ticket', ticket: (await response.json()) as Ticket };
    if (response.status === 401) return { got: 'bad_key' };
    if (response.status === 429) {
      const body = (await response.json()) as { retry_after_s?: number };
      return { got: 'too_fast', waitMs: (body.retry_after_s ?? 5) * 1_000 };
    }
    return { got: 'nothing', late: false };
  } catch {
    return { got: 'nothing', late: limit.aborted };
  }
}
