// The technician's list: every room with its site and its line, in the order of protocol, so that a room always stands in
// the same place; and the rooms counted by state.

import { inOrder } from '../../components/reading';
import type { EndpointId, EndpointView, Link, LinkState, Shared, SiteView } from '../../protocol';

export interface RoomLine {
  id: EndpointId;
  endpoint: EndpointView;
  site: SiteView;
  /** Absent until the hub has measured. */
  link: Link | undefined;
  state: LinkState;
  /** Somebody should look. */
  trouble: boolean;
}

export function rooms(shared: Shared, links: Record<EndpointId, Link>): RoomLine[] {
  return inOrder(shared.sites).flatMap(([siteId, site]) =>
    Object.entries(shared.endpoints)
      .filter(([, endpoint]) => endpoint.site === siteId)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, endpoint]) => {
        const link = links[id];
        const state: LinkState = endpoint.online ? (link?.state ?? 'connecting') : 'offline';
        // A room that never came is not in trouble; it has not been switched on.
        const trouble = state === 'offline' ? endpoint.since !== undefined : state !== 'good' || noConsent(link);
        return { id, endpoint, site, link, state, trouble };
      }),
  );
}

/** A room that has joined but does not let its microphone be opened. */
export function noConsent(link: Link | undefined): boolean {
  return link?.device !== undefined && !link.device.consent;
}

export interface Summary {
  all: number;
  online: number;
  trouble: number;
}

export function summary(list: RoomLine[]): Summary {
  return {
    all: list.length,
    online: list.filter((room) => room.state !== 'offline').length,
    trouble: list.filter((room) => room.trouble).length,
  };
}

/** How a number of the line should be read: a threshold of PRODUCT 3.8 passed, or not. */
export function grade(value: number | undefined, good: number, bearable: number): 'good' | 'fair' | 'bad' | 'none' {
  if (value === undefined) return 'none';
  if (value < good) return 'good';
  return value < bearable ? 'fair' : 'bad';
}
