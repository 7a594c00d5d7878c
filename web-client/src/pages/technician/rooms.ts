// The technician's list: every room with its site and its line, in the order of protocol, so that a room always stands in
// the same place; and the rooms counted by state.

import { inOrder } from '../../components/reading';
import type {
  CheckRules,
  CheckView,
  EndpointId,
  EndpointView,
  Link,
  LinkState,
  Shared,
  SiteView,
} from '../../protocol';

export interface RoomLine {
  id: EndpointId;
  endpoint: EndpointView;
  site: SiteView;
  /** Absent until the hub has measured. */
  link: Link | undefined;
  state: LinkState;
  /** The last technical check; absent on a screen that is not told. */
  check: CheckView | undefined;
  /** Somebody should look. */
  trouble: boolean;
}

/** @param blind rooms whose picture stands still or is black, as far as somebody looks at it */
export function rooms(
  shared: Shared,
  links: Record<EndpointId, Link>,
  blind: ReadonlySet<EndpointId> = new Set(),
): RoomLine[] {
  return inOrder(shared.sites).flatMap(([siteId, site]) =>
    Object.entries(shared.endpoints)
      .filter(([, endpoint]) => endpoint.site === siteId)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, endpoint]) => {
        const link = links[id];
        const state: LinkState = endpoint.online ? (link?.state ?? 'connecting') : 'offline';
        // A room that never came is not in trouble, it has not been switched on; nor is one that has chosen sound alone.
        const well = state === 'good' || state === 'sound_only';
        const trouble = state === 'offline' ? endpoint.since !== undefined : !well || noConsent(link) || blind.has(id);
        return { id, endpoint, site, link, state, check: shared.checks[id], trouble };
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

export type Grade = 'good' | 'fair' | 'bad' | 'none';

/** How the numbers of a line should be read, by the thresholds of the sitting's technical check. */
export function grades(link: Link | undefined, rules: CheckRules | undefined): { loss: Grade; rtt: Grade } {
  const grade = (value: number | undefined, good: number | undefined, fair: number | undefined): Grade => {
    if (value === undefined || good === undefined || fair === undefined) return 'none';
    if (value < good) return 'good';
    return value < fair ? 'fair' : 'bad';
  };
  const loss = link && 10 * Math.max(link.loss_up, link.loss_down);
  return {
    loss: grade(loss, rules?.good.loss_permille, rules?.fair.loss_permille),
    rtt: grade(link?.rtt_ms, rules?.good.rtt_ms, rules?.fair.rtt_ms),
  };
}

/** What is called "9/10 điểm cầu đạt": rooms that have passed their check, conditionally or not. */
export function checked(list: RoomLine[]): number {
  return list.filter((room) => room.check?.state === 'passed' || room.check?.state === 'conditional').length;
}
