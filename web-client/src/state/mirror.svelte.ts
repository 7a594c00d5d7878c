// The mirror of a view that the hub made (server/protocol/README.md, 3). Patches change it in place; it holds no rule of the meeting.
// It also carries this screen's commands to the hub and says what became of them. One mirror per page.

import type {
  AudienceKind,
  ByeReason,
  ClientMessage,
  Command,
  DeviceReport,
  EndpointId,
  Link,
  Mine,
  Refusal,
  ServerMessage,
  Shared,
} from '../protocol';
import { mergeInto } from '../net/merge';
import { type Keep, Outbox, type Pending } from '../net/outbox';
import { type LinkState, Session, type SessionOptions } from '../net/session';
import type { Ticket, Who } from '../net/ticket';
import { clock } from './clock.svelte';
import { deviceId, freshId } from './device';
import { type Checkpoint, Witness } from './witness';

export type { Pending } from '../net/outbox';
export type { Who } from '../net/ticket';

export type Outcome =
  { ok: true; seq: number; at: number } | { ok: false; refusal: Refusal } | { ok: false; unavailable: true };

/** What a room's media wants to hear of. */
export type MediaMessage = Extract<ServerMessage, { type: 'answer' | 'offer_refused' }>;

/** What flows in which slot. */
export type Slots = Omit<Extract<ServerMessage, { type: 'slots' }>, 'type'>;

/** How a room's line was. */
export type Trend = Extract<ServerMessage, { type: 'trend' }>;

export type RelayPass = Omit<Extract<ServerMessage, { type: 'relay' }>, 'type'>;

export interface MirrorOptions {
  audience: AudienceKind;
  key: string;
  base?: string;
  keep?: Keep | undefined;
  /** Where checkpoints are kept; longer than the tab lives. */
  evidence?: Keep | undefined;
  session?: Pick<SessionOptions, 'fetch' | 'socket' | 'times' | 'pulse'>;
}

export class Mirror {
  readonly audience: AudienceKind;
  /** The personal key, for what is asked by HTTP. */
  readonly key: string;

  shared = $state<Shared | undefined>();
  mine = $state<Mine | undefined>();
  link = $state<LinkState>('connecting');
  bye = $state<ByeReason | 'bad_key' | undefined>();
  /** Since when the hub is out of reach, server time. */
  lostSince = $state<number | undefined>();
  links = $state<Record<EndpointId, Link>>({});
  slots = $state<Slots>({ video: {}, audio: {}, paused: [], heard_only: [] });
  pairing = $state<{ code: string; url: string; until: number } | undefined>();
  /** The way for media through networks that let out nothing but TLS. */
  relay = $state.raw<RelayPass | undefined>();
  /** Where the journal stands, signed by the hub. */
  checkpoint = $state.raw<Checkpoint | undefined>();
  /** The hub has shown a checkpoint that cannot follow from what is kept here. */
  contradicted = $state(false);
  readonly witness: Witness;
  boot = $state<string | undefined>();
  who = $state<Who | undefined>();
  /** Title of the sitting and of the bodies, known before the view arrives. */
  sitting = $state<Ticket['sitting'] | undefined>();
  pending = $state<Pending[]>([]);

  #seq = 0;
  #held = false;
  #asking = false;
  #session: Session;
  #outbox: Outbox;
  #waiting = new Map<string, (outcome: Outcome) => void>();
  #media = new Set<(message: MediaMessage) => void>();
  #trends = new Set<(trend: Trend) => void>();

  constructor(options: MirrorOptions) {
    this.audience = options.audience;
    this.key = options.key;
    this.#outbox = new Outbox(
      'keep' in options ? options.keep : storage('session'),
      `outbox:${options.audience}:${nameOf(options.key)}`,
    );
    this.pending = [...this.#outbox.waiting];
    this.witness = new Witness('evidence' in options ? options.evidence : storage('local'));
    this.#session = new Session({
      base: options.base ?? location.origin,
      key: options.key,
      audience: options.audience,
      device: deviceId(),
      ...options.session,
      events: {
        resume: () => (this.#held && this.boot !== undefined ? { boot: this.boot, seq: this.#seq } : undefined),
        ticket: (ticket) => {
          this.who = ticket.who;
          this.sitting = ticket.sitting;
        },
        pinging: (n) => clock.asked(n),
        message: (message) => this.#take(message),
        link: (link) => this.#linked(link),
        closed: (reason) => (this.bye = reason),
      },
    });
  }

  start(): void {
    clock.start();
    this.#session.start();
  }

  /** Asks for something. Resolves when the hub has answered, however long that takes; the answer is in force by then. */
  send(command: Command): Promise<Outcome> {
    const pending: Pending = { id: freshId(), command: $state.snapshot(command) as Command, since: clock.exact() };
    this.#outbox.add(pending);
    this.pending = [...this.#outbox.waiting];
    this.#give(pending);
    return new Promise((resolve) => this.#waiting.set(pending.id, resolve));
  }

  retry(): void {
    // After a bye somebody has asked for this screen by hand: it begins afresh, and so takes over from the one that has
    // replaced it. A screen that only comes back does not.
    if (this.bye !== undefined) this.#held = false;
    this.bye = undefined;
    this.#session.retry();
  }

  stop(): void {
    this.#session.stop();
  }

  /** Something else says that the line is dead: whether the hub can still be heard is found out now. */
  check(): void {
    this.#session.check();
  }

  /** A room offers its media; false when the hub is out of reach. */
  offer(attempt: number, sdp: string): boolean {
    return this.#session.send({ type: 'offer', attempt, sdp });
  }

  report(report: DeviceReport): boolean {
    return this.#session.send({ type: 'device', report });
  }

  /** A wall says which rooms it shows. */
  watch(rooms: EndpointId[]): boolean {
    return this.#session.send({ type: 'watch', rooms });
  }

  /** Asks how a room's line was after `since`, server time; `onTrend` hears the answer. */
  askTrend(room: EndpointId, since?: number): boolean {
    return this.#session.send({ type: 'ask_trend', room, ...(since !== undefined && { since }) });
  }

  /** Hears how lines were until the returned function is called. */
  onTrend(listener: (trend: Trend) => void): () => void {
    this.#trends.add(listener);
    return () => this.#trends.delete(listener);
  }

  /** Hears the hub's answers to offers until the returned function is called. */
  onMedia(listener: (message: MediaMessage) => void): () => void {
    this.#media.add(listener);
    return () => this.#media.delete(listener);
  }

  #give(pending: Pending): void {
    const message: ClientMessage = {
      type: 'command',
      id: pending.id,
      given_at: Math.round(pending.since),
      command: pending.command,
    };
    this.#session.send(message);
  }

  #linked(link: LinkState): void {
    if (link === 'open') this.lostSince = undefined;
    else if (link === 'lost') this.lostSince ??= clock.exact();
    this.link = link;
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#welcome(message);
        break;
      case 'update':
        this.#update(message);
        break;
      case 'accepted':
        this.#answered(message.id, { ok: true, seq: message.seq, at: message.at });
        break;
      case 'refused':
        this.#answered(message.id, { ok: false, refusal: message.refusal });
        break;
      case 'unavailable':
        this.#answered(message.id, { ok: false, unavailable: true });
        break;
      case 'answer':
      case 'offer_refused':
        for (const listener of this.#media) listener(message);
        break;
      case 'slots':
        this.slots = message;
        break;
      case 'links':
        this.links = message.links;
        break;
      case 'trend':
        for (const listener of this.#trends) listener(message);
        break;
      case 'pairing':
        this.pairing = { code: message.code, url: message.url, until: message.until };
        break;
      case 'relay':
        this.relay = message;
        break;
      case 'checkpoint':
        this.#signed(message);
        break;
      case 'pong':
        clock.answered(message.n, message.now);
        break;
      case 'return': // the session's own
      case 'bye':
        break;
    }
  }

  #welcome(message: Extract<ServerMessage, { type: 'welcome' }>): void {
    clock.heard(message.now);
    if (message.shared) this.shared = message.shared;
    else if (this.shared) for (const patch of message.patches) mergeInto(this.shared, patch);
    this.mine = message.mine;
    this.#seq = message.seq;
    this.#asking = false;
    this.#held = this.shared !== undefined;
    this.boot = message.boot;
    this.bye = undefined;
    // The session opens after this returns; what was not answered is given again with the same id.
    queueMicrotask(() => this.#outbox.waiting.forEach((pending) => this.#give(pending)));
  }

  /** Rooms and consoles keep what was signed, and say so; a delegate's tablet only shows it. */
  #signed(checkpoint: Checkpoint): void {
    this.checkpoint = checkpoint;
    if (this.audience === 'delegate') return;
    if (this.witness.take(checkpoint) === 'against') this.contradicted = true;
    else this.#session.send({ type: 'witnessed', sitting: checkpoint.sitting, number: checkpoint.number });
  }

  #update(message: Extract<ServerMessage, { type: 'update' }>): void {
    if (!this.shared || message.after !== this.#seq) {
      if (message.seq <= this.#seq || this.#asking) return; // already known, or on its way
      this.#asking = true;
      this.#session.again();
      return;
    }
    if (message.shared !== undefined) mergeInto(this.shared, message.shared);
    if (message.mine !== undefined && this.mine) mergeInto(this.mine, message.mine);
    this.#seq = message.seq;
  }

  #answered(id: string, outcome: Outcome): void {
    this.#outbox.answered(id);
    this.pending = [...this.#outbox.waiting];
    this.#waiting.get(id)?.(outcome);
    this.#waiting.delete(id);
  }
}

/** Where a page may keep something: as long as the tab lives, or longer; absent where the browser forbids it. */
export function storage(life: 'session' | 'local'): Keep | undefined {
  try {
    return life === 'local' ? localStorage : sessionStorage;
  } catch {
    return undefined;
  }
}

/** A short name for a key, so that the key itself is not stored beside the commands. */
function nameOf(key: string): string {
  let sum = 0;
  for (let i = 0; i < key.length; i += 1) sum = (sum * 31 + key.charCodeAt(i)) | 0;
  return (sum >>> 0).toString(36);
}
