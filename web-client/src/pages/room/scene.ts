// What the big screen of one room shows, read from the shared view: which pictures, whose name, which cue. No rule of the
// meeting is decided here.

import type { EndpointId, PersonId, RequestId, RequestView, Shared, SiteId, StageMode } from '../../protocol';
import { queue } from '../../components/reading';

/** What takes the whole stage instead of pictures; `none` = pictures. */
export type Slate = 'none' | 'waiting' | 'break' | 'closed' | 'roll';

export interface Scene {
  mode: StageMode;
  slate: Slate;
  /** The rooms whose pictures stand on the stage, the large one first. */
  pictures: EndpointId[];
  arrangement: 'one' | 'two' | 'grid';
  /** Whose name stands in the lower third. */
  speaker: PersonId | undefined;
  speakerSite: SiteId | undefined;
  /** This room's microphone is heard by everybody. */
  live: boolean;
  /** A delegate of this room is next. */
  onDeck: boolean;
  /** Who of this room is on deck. */
  onDeckPerson: PersonId | undefined;
  next: [RequestId, RequestView][];
  /** Who is being called by name. */
  calling: PersonId | undefined;
  /** A ceremony: the full picture and nothing over it. */
  plain: boolean;
}

const SHOWN_NEXT = 3;

/**
 * @param own this room's endpoint
 * @param flowing rooms whose pictures flow to this screen now, in the order of the slots
 */
export function scene(shared: Shared, own: EndpointId | undefined, flowing: EndpointId[]): Scene {
  const { stage, turn, roll } = shared;
  const endpoint = own === undefined ? undefined : shared.endpoints[own];
  const onDeck = Object.values(shared.requests).find(
    (request) => request.state === 'on_deck' && shared.people[request.person]?.site === endpoint?.site,
  );
  return {
    mode: stage.mode,
    slate: slate(shared, flowing),
    ...pictures(shared, own, flowing),
    speaker: stage.mode === 'speaker' || stage.mode === 'two_up' ? turn?.person : undefined,
    speakerSite: turn?.site,
    live: endpoint?.live === true,
    onDeck: endpoint?.on_deck === true && endpoint.live !== true,
    onDeckPerson: onDeck?.person,
    next: queue(shared).slice(0, SHOWN_NEXT),
    calling: roll?.state === 'first_round' || roll?.state === 'second_round' ? roll.calling : undefined,
    plain: stage.mode === 'ceremony',
  };
}

function slate(shared: Shared, flowing: EndpointId[]): Slate {
  switch (shared.stage.mode) {
    case 'break':
      return 'break';
    case 'closed':
      return 'closed';
    case 'roll_call':
      return 'roll';
    case 'waiting':
      // While devices are checked, rooms want to see each other.
      return shared.sitting.phase === 'technical_check' && flowing.length > 0 ? 'none' : 'waiting';
    case 'overview':
    case 'speaker':
    case 'single':
    case 'ceremony':
    case 'two_up':
      return shared.stage.primary === undefined && flowing.length === 0 ? 'waiting' : 'none';
  }
}

function pictures(
  shared: Shared,
  own: EndpointId | undefined,
  flowing: EndpointId[],
): Pick<Scene, 'pictures' | 'arrangement'> {
  const { mode, primary, secondary } = shared.stage;
  const staged = [primary, secondary].filter((id) => id !== undefined);
  const unique = (ids: EndpointId[]): EndpointId[] => [...new Set(ids)];
  switch (mode) {
    case 'speaker': {
      // Nobody wants to speak to the own picture, half a second late: the speaker's room sees the others large.
      const others = secondary ?? flowing[0];
      const large = own !== undefined && primary === own && others !== undefined ? [others, own] : staged;
      return { pictures: unique(large), arrangement: 'one' };
    }
    case 'single': {
      // Put there by hand; the room itself sees who speaks, or whoever flows.
      const others = flowing[0];
      const large = own !== undefined && primary === own && others !== undefined ? [others, own] : staged;
      return { pictures: unique(large), arrangement: 'one' };
    }
    case 'two_up':
      return { pictures: unique(staged), arrangement: 'two' };
    // Who is honoured sees it as everybody does.
    case 'ceremony':
    case 'roll_call':
      return { pictures: primary === undefined ? [] : [primary], arrangement: 'one' };
    case 'overview':
    case 'waiting': {
      // A room sees the others; itself only when it is alone.
      const others = unique([...staged, ...flowing]).filter((id) => id !== own);
      return { pictures: others.length > 0 ? others : staged, arrangement: 'grid' };
    }
    case 'break':
    case 'closed':
      return { pictures: [], arrangement: 'grid' };
  }
}

/** Everybody of this site who could hold a tablet has one connected, so the pairing code may go. */
export function allPaired(shared: Shared, site: SiteId | undefined): boolean {
  const seated = Object.values(shared.people).filter(
    (person) => person.site === site && person.roles.includes('delegate'),
  );
  return seated.length > 0 && seated.every((person) => person.online);
}

/** Whom to call when the line is lost: the centre, unless this is the centre. */
export function helpPhone(shared: Shared, site: SiteId | undefined): { site: string; phone: string } | undefined {
  const hall = Object.entries(shared.sites).find(([id, at]) => at.kind === 'hall' && id !== site);
  const own = site === undefined ? undefined : shared.sites[site];
  const found = hall?.[1] ?? own;
  return found?.phone ? { site: found.short, phone: found.phone } : undefined;
}
