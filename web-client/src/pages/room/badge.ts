// The room's line in plain words. Calm: a badge changes only when what it says has been true for some seconds, and it gets better
// more slowly than it gets worse, so that nothing flickers on a wall.

import type { CheckRules, Link, Transport } from '../../protocol';

export type Badge = 'measuring' | 'good' | 'tcp' | 'relay' | 'weak' | 'still' | 'poor' | 'sound' | 'lost';

/** How long something must have been so before it is said. */
const WORSE_MS = 4_000;
const BETTER_MS = 10_000;
/** Worse comes first. */
const RANK: Record<Badge, number> = {
  lost: 0,
  sound: 1,
  poor: 2,
  still: 3,
  weak: 4,
  relay: 5,
  tcp: 6,
  good: 7,
  measuring: 8,
};

/** What the room itself knows. */
export interface Own {
  transport: Transport | undefined;
  lost: boolean;
  /** Pictures that stand still because the line does not carry them. */
  still: number;
  /** The room has chosen sound alone. */
  soundOnly: boolean;
}

/** What could be said of this moment. */
export function badgeNow(link: Link | undefined, rules: CheckRules | undefined, own: Own): Badge {
  if (own.lost) return 'lost';
  if (own.soundOnly) return 'sound';
  if (!link || !rules || link.state === 'offline' || link.state === 'connecting') return 'measuring';
  const loss = 10 * Math.max(link.loss_up, link.loss_down);
  const rtt = link.rtt_ms ?? 0;
  if (loss >= rules.fair.loss_permille || rtt >= rules.fair.rtt_ms) return 'poor';
  if (own.still > 0) return 'still';
  if (loss >= rules.good.loss_permille || rtt >= rules.good.rtt_ms) return 'weak';
  if (own.transport === 'relay') return 'relay';
  return own.transport === 'tcp' ? 'tcp' : 'good';
}

/** Holds still. Fed about once a second. */
export class CalmBadge {
  #said: Badge = 'measuring';
  #other: { badge: Badge; since: number } | undefined;

  feed(badge: Badge, now: number): Badge {
    if (badge === this.#said) {
      this.#other = undefined;
      return this.#said;
    }
    // Losing the line is said at once, and so are what a hand has chosen and the first thing that is known.
    if (badge === 'lost' || badge === 'sound' || this.#said === 'sound' || this.#said === 'measuring') {
      return this.#say(badge);
    }
    // A line that swings between two troubles has been bad since the first of them.
    this.#other = { badge, since: this.#other?.since ?? now };
    const wait = RANK[badge] < RANK[this.#said] ? WORSE_MS : BETTER_MS;
    return now - this.#other.since >= wait ? this.#say(badge) : this.#said;
  }

  #say(badge: Badge): Badge {
    this.#said = badge;
    this.#other = undefined;
    return badge;
  }
}
