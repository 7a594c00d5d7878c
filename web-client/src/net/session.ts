// One screen's connection to the hub, for as long as the page lives: ticket, websocket, `hello`, heartbeat, and again after
// every loss. It knows when the hub is there and carries messages; it does not know what a view or a command means.
// Input: the socket and the clock. Output: calls of its `SessionEvents`.

import type { AudienceKind, ByeReason, ClientMessage, Resume, ServerMessage } from '../protocol';
import { backoff } from './backoff';
import { type Pulse, workerPulse } from './pulse';
import { askTicket, type Ticket } from './ticket';

export type LinkState = 'connecting' | 'open' | 'lost' | 'closed';

export interface SessionEvents {
  /** Where the mirror stands, asked at every `hello`; undefined = send everything. */
  resume(): Resume | undefined;
  ticket(ticket: Ticket): void;
  /** Heartbeat number `n` is about to go out. */
  pinging(n: number): void;
  message(message: ServerMessage): void;
  link(link: LinkState): void;
  /** The hub says not to come back, or the key is wrong. */
  closed(reason: ByeReason | 'bad_key'): void;
}

export interface SessionOptions {
  /** Origin of the hub, e.g. `https://hub.example:8443`. */
  base: string;
  key: string;
  audience: AudienceKind;
  device: string;
  events: SessionEvents;
  /** What a test puts in place of the browser's own. */
  fetch?: typeof fetch;
  socket?: (url: string) => WebSocket;
  times?: Partial<Times>;
  pulse?: Pulse;
}

export interface Times {
  pingMs: number;
  silenceMs: number;
  openMs: number;
  /** How long an answer to `check` may take, at least. */
  checkMs: number;
  retry: (attempt: number) => number;
}

const TIMES: Times = {
  pingMs: 5_000, // PRODUCT 3.0
  silenceMs: 10_000,
  openMs: 8_000,
  checkMs: 400,
  retry: (attempt) => backoff(attempt, Math.random()),
};

/**
 * On a line that fell silent an attempt soon makes room for the next: its packets may have been lost, and those that its system sends
 * again come later and later. A slow line gets more time each time.
 */
const SILENT_LINE_MS = [1_000, 2_500, 4_000] as const;
/** The last of these serves for so many attempts: a minute. Whoever has not come through by then has a slow line. */
const SILENT_ATTEMPTS = 16;
/** Such an attempt has waited by itself. */
const PAUSE_MS = 100;

/**
 * Firefox answers each websocket that came to nothing with a longer wait before the next, up to a minute; its questions by HTTP begin
 * afresh each time. In Chromium it is the other way round: a question by HTTP waits for a connection that was begun while the line was
 * dead.
 */
const isResentful = (): boolean => typeof navigator !== 'undefined' && navigator.userAgent.includes('Firefox/');

/** Byes after which this screen does not come back by itself. */
const FINAL: readonly ByeReason[] = ['not_your_screen', 'replaced', 'revoked'];

export class Session {
  #options: SessionOptions;
  #times: Times;
  #socket: WebSocket | undefined;
  #welcomed = false;
  #attempt = 0;
  #run = 0; // a number for each attempt, so that late answers of an older one are known and dropped
  #pings = 0;
  #heard = 0;
  #lastPing = 0;
  #rtt = 0;
  #return: string | undefined; // the ticket for coming back
  #silent = false; // the line fell silent: nobody closed the socket
  #late = 0; // attempts on a silent line that nobody answered
  #opening: ReturnType<typeof setTimeout> | undefined;
  #checking: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: (() => void) | undefined;
  #retrying: ReturnType<typeof setTimeout> | undefined;
  #link: LinkState = 'connecting';

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
  }

  start(): void {
    if (typeof addEventListener === 'function') addEventListener('online', this.#online);
    this.#setLink('connecting');
    void this.#connect();
  }

  /** Tries at once, also after a bye that said not to come back. */
  retry(): void {
    this.#attempt = 0;
    this.#drop();
    this.#setLink(this.#link === 'closed' ? 'connecting' : this.#link);
    void this.#connect();
  }

  stop(): void {
    if (typeof removeEventListener === 'function') removeEventListener('online', this.#online);
    this.#drop();
    this.#setLink('closed');
  }

  /** Whether the hub can still be heard: asks, and comes back by another connection when there is no answer soon. */
  check(): void {
    if (!this.#welcomed || this.#checking !== undefined) return;
    const asked = Date.now();
    this.#ping();
    const limit = Math.max(this.#times.checkMs, 3 * this.#rtt);
    this.#checking = setTimeout(() => {
      this.#checking = undefined;
      if (this.#heard < asked) this.#fellSilent(0);
    }, limit);
  }

  /** The device has a network, perhaps another one than before. */
  #online = (): void => {
    if (this.#link === 'open') this.check();
    else if (this.#link === 'lost') {
      this.#drop();
      void this.#connect();
    }
  };

  /** Sends if the hub has welcomed this screen; false otherwise. */
  send(message: ClientMessage): boolean {
    if (!this.#welcomed || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Says `hello` again on the open socket: the mirror has found a gap. */
  again(): void {
    if (this.#socket?.readyState === 1) this.#hello(this.#socket);
  }

  async #connect(): Promise<void> {
    const run = ++this.#run;
    const { base, key, events } = this.#options;
    const url = (ticket: string): string => `${base.replace(/^http/, 'ws')}/ws?ticket=${encodeURIComponent(ticket)}`;
    if (this.#silent && this.#return !== undefined && !isResentful()) {
      this.#open(run, url(this.#return));
      return;
    }
    const answer = await askTicket(base, key, this.#options.fetch ?? ((...args) => fetch(...args)), this.#patience());
    if (run !== this.#run) return;
    switch (answer.got) {
      case 'bad_key':
        this.#end('bad_key');
        return;
      case 'too_fast':
        this.#comeBack(answer.waitMs);
        return;
      case 'nothing':
        if (answer.late) this.#unanswered();
        else this.#comeBack();
        return;
      case 'ticket':
        events.ticket(answer.ticket);
        this.#open(run, url(answer.ticket.ticket));
    }
  }

  #open(run: number, url: string): void {
    const socket = this.#options.socket?.(url) ?? new WebSocket(url);
    this.#socket = socket;
    const started = Date.now();
    this.#heard = started;
    socket.addEventListener('open', () => {
      if (run === this.#run) this.#hello(socket);
    });
    socket.addEventListener('message', (event: MessageEvent) => {
      if (run !== this.#run) return;
      this.#heard = Date.now();
      this.#take(JSON.parse(String(event.data)) as ServerMessage);
    });
    socket.addEventListener('close', () => {
      if (run !== this.#run) return;
      // Somebody was there to close it: if the ticket was the reason, it is of no more use.
      if (!this.#welcomed) this.#return = undefined;
      this.#comeBack();
    });
    this.#opening = setTimeout(() => this.#unanswered(), this.#patience());
    const pulse = this.#options.pulse ?? workerPulse;
    this.#heartbeat = pulse(Math.min(1_000, this.#times.pingMs), () => this.#beat(run, started));
  }

  #hello(socket: WebSocket): void {
    const resume = this.#options.events.resume();
    const hello: ClientMessage = {
      type: 'hello',
      audience: this.#options.audience,
      device: this.#options.device,
      ...(resume && { resume }),
    };
    socket.send(JSON.stringify(hello));
  }

  #beat(run: number, started: number): void {
    if (run !== this.#run) return;
    const now = Date.now();
    const silent = now - this.#heard;
    if (this.#welcomed && silent > this.#times.silenceMs) {
      this.#fellSilent(this.#times.retry(0));
      return;
    }
    if (!this.#welcomed && now - started > this.#times.openMs) {
      this.#unanswered();
      return;
    }
    if (this.#welcomed && now - this.#lastPing >= this.#times.pingMs) this.#ping();
  }

  #ping(): void {
    this.#lastPing = Date.now();
    this.#pings += 1;
    this.#options.events.pinging(this.#pings);
    this.send({ type: 'ping', n: this.#pings });
  }

  #take(message: ServerMessage): void {
    if (message.type === 'bye') {
      this.#return = undefined;
      if (FINAL.includes(message.reason)) this.#end(message.reason);
      else this.#comeBack();
      return;
    }
    if (message.type === 'welcome') {
      this.#welcomed = true;
      this.#return = undefined; // used up, or the hub gives another one
      clearTimeout(this.#opening);
      this.#attempt = 0;
      this.#silent = false;
      this.#late = 0;
      this.#options.events.message(message);
      this.#setLink('open');
      this.#ping();
      return;
    }
    if (message.type === 'return') this.#return = message.ticket;
    if (message.type === 'pong' && message.n === this.#pings) this.#rtt = Date.now() - this.#lastPing;
    this.#options.events.message(message);
  }

  /** How long this attempt may take. */
  #patience(): number {
    const { openMs } = this.#times;
    if (!this.#silent || this.#late >= SILENT_ATTEMPTS) return openMs;
    return Math.min(openMs, SILENT_LINE_MS[this.#late] ?? SILENT_LINE_MS[2]);
  }

  /** Nothing comes from a hub that was there, and nobody closed the socket. */
  #fellSilent(waitMs: number): void {
    this.#silent = true;
    this.#comeBack(waitMs);
  }

  /** An attempt took too long. */
  #unanswered(): void {
    this.#late += 1;
    this.#comeBack(this.#silent ? Math.round(PAUSE_MS * (1 + Math.random())) : undefined);
  }

  #comeBack(waitMs?: number): void {
    this.#drop();
    this.#setLink('lost');
    this.#retrying = setTimeout(() => void this.#connect(), waitMs ?? this.#times.retry(this.#attempt));
    this.#attempt += 1;
  }

  #end(reason: ByeReason | 'bad_key'): void {
    this.#drop();
    this.#options.events.closed(reason);
    this.#setLink('closed');
  }

  #drop(): void {
    this.#run += 1;
    this.#welcomed = false;
    this.#heartbeat?.();
    this.#heartbeat = undefined;
    clearTimeout(this.#retrying);
    clearTimeout(this.#opening);
    clearTimeout(this.#checking);
    this.#checking = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket && socket.readyState < 2) socket.close();
  }

  #setLink(link: LinkState): void {
    if (this.#link === link && link !== 'connecting') return;
    this.#link = link;
    this.#options.events.link(link);
  }
}
