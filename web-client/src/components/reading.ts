/*
 * How the screens read the shared view: lists in order, people of a site, the queue. No rule of a meeting is decided here;
 * only what the server has said is sorted and grouped.
 */
import type {
  Attendance,
  GroupId,
  PastTurnView,
  PersonId,
  PersonView,
  RequestId,
  RequestView,
  Shared,
  SiteId,
  TurnId,
} from '../protocol';

/** Entries of a map in the order that the council's file gives them. */
export function inOrder<V extends { order: number }>(map: Record<string, V>): [string, V][] {
  return Object.entries(map).sort(([a, x], [b, y]) => x.order - y.order || (a < b ? -1 : 1));
}

/** Requests that wait or are on deck, by their place. */
export function queue(shared: Shared): [RequestId, RequestView][] {
  return Object.entries(shared.requests)
    .filter(([, request]) => request.state === 'waiting' || request.state === 'on_deck')
    .sort(([, a], [, b]) => (a.position ?? Infinity) - (b.position ?? Infinity) || a.at - b.at);
}

/** Requests in one state, oldest first. */
export function requestsIn(shared: Shared, ...states: RequestView['state'][]): [RequestId, RequestView][] {
  return Object.entries(shared.requests)
    .filter(([, request]) => states.includes(request.state))
    .sort(([, a], [, b]) => a.at - b.at);
}

/** Requests of a person that are still alive. */
export function requestsOf(shared: Shared, person: PersonId): [RequestId, RequestView][] {
  const alive: RequestView['state'][] = ['waiting', 'late', 'on_deck', 'speaking', 'deferred', 'void'];
  return requestsIn(shared, ...alive)
    .filter(([, request]) => request.person === person)
    .sort(([, a], [, b]) => (a.position ?? Infinity) - (b.position ?? Infinity) || a.at - b.at);
}

/** Finished turns, newest first. */
export function turnsNewestFirst(shared: Shared): [TurnId, PastTurnView][] {
  return Object.entries(shared.turns).sort(([, a], [, b]) => b.until - a.until);
}

/** Who counts for the quorum. */
export function delegates(shared: Shared): [PersonId, PersonView][] {
  return inOrder(shared.people).filter(([, person]) => person.roles.includes('delegate')) as [PersonId, PersonView][];
}

/** A heading and the people under it. */
export interface Bunch {
  id: string;
  name: string;
  /** The site, when people are grouped by site. */
  site?: SiteId;
  people: [PersonId, PersonView][];
}

/** Delegates by the site where they sit, or by their group. */
export function bunches(shared: Shared, by: 'site' | 'group'): Bunch[] {
  const all = delegates(shared);
  if (by === 'site') {
    return inOrder(shared.sites)
      .map(([id, site]) => ({ id, name: site.name, site: id, people: all.filter(([, person]) => person.site === id) }))
      .filter((bunch) => bunch.people.length > 0);
  }
  const grouped = inOrder(shared.groups).map(([id, group]) => ({
    id,
    name: group.name,
    people: all.filter(([, person]) => person.group === (id as GroupId)),
  }));
  const rest = all.filter(([, person]) => person.group === undefined);
  return [...grouped, { id: '', name: '', people: rest }].filter((bunch) => bunch.people.length > 0);
}

/** Every kind of presence (as the server counts it; only to colour a chip and to group). */
export function isPresent(attendance: Attendance): boolean {
  return (
    attendance === 'present_hall' ||
    attendance === 'present_site' ||
    attendance === 'present_online' ||
    attendance === 'late'
  );
}

/** Sites that have a room, and how many of them are reachable. */
export function siteHealth(shared: Shared): { online: number; all: number; lost: SiteId[] } {
  const withRoom = new Set(Object.values(shared.endpoints).map((endpoint) => endpoint.site));
  const lost = inOrder(shared.sites)
    .filter(([id, site]) => withRoom.has(id) && !site.online)
    .map(([id]) => id);
  return { online: withRoom.size - lost.length, all: withRoom.size, lost };
}

/** Letters without their marks, for searching: "Nguyễn Đức" is found by "nguyen duc". */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
}

/** Every word of the search begins a word of the text. */
export function matches(text: string, search: string): boolean {
  const words = plain(text).split(/[^\p{L}\p{N}]+/u);
  return plain(search)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
