// Machines that belong to a place (PRODUCT 3.1, 3.12): a desk gets a code, the machine types it and has a key of its own, and the
// desk takes it back.

import type { AudienceKind, EndpointId, SiteId } from '../protocol';
import { type Answer, post } from './post';

/** A room's large screen, or the kiosk of a bridge point. */
export type Machine = { room: EndpointId } | { kiosk: SiteId };

export interface Enrolled {
  id: string;
  machine: Machine;
  site: SiteId;
  /** The id of the room or of the kiosk. */
  name: string;
  /** Since when, server time. */
  at: number;
  /** By the link of the printed table. */
  printed: boolean;
  /** Its page is open now. */
  open: boolean;
}

const KNOWN = ['bad_code', 'bad_key', 'not_allowed', 'unknown', 'too_fast', 'unavailable'] as const;

export type EnrolAnswer<T> = Answer<T, (typeof KNOWN)[number]>;

/** A desk asks for six digits. */
export function askCode(
  key: string,
  machine: Machine,
): Promise<EnrolAnswer<{ code: string; page: string; seconds: number }>> {
  return post('/api/enrol/code', { key, machine }, KNOWN);
}

/** The machine has been given six digits. */
export function enrol(code: string): Promise<EnrolAnswer<{ key: string; audience: AudienceKind }>> {
  return post('/api/enrol', { code }, KNOWN);
}

/** What is enrolled, as far as this desk looks after it. */
export function listEnrolled(key: string): Promise<EnrolAnswer<{ machines: Enrolled[] }>> {
  return post('/api/enrol/list', { key }, KNOWN);
}

/** Takes a machine back. */
export function revokeEnrolled(key: string, id: string): Promise<EnrolAnswer<object>> {
  return post('/api/enrol/revoke', { key, id }, KNOWN);
}
