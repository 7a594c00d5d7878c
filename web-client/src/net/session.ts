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
  retry: (attempt: number) => number;
}

const TIMES: Times = {
  pingMs: 5_000, // PRODUCT 3.0
  silenceMs: 10_000,
  openMs: 8_000,
  retry: (attempt) => backoff(attempt, Math.random()),
};

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
  #heartbeat: (() => void) | undefined;
  #retrying: ReturnType<typeof setTimeout> | undefined;
  #link: LinkState = 'connecting';

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
  }

  start(): void {
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
    this.#drop();
    this.#setLink('closed');
  }

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
    const answer = await askTicket(base, key, this.#options.fetch ?? ((...args) => fetch(...args)));
    if (run !== this.#run) return;
    switch (answer.got) {
      case 'bad_key':
        this.#end('bad_key');
        return;
      case 'too_fast':
        this.#comeBack(answer.waitMs);
        return;
      case 'nothing':
        this.#comeBack();
        return;
      case 'ticket':
        events.ticket(answer.ticket);
        this.#open(run, `${base.replace(/^http/, 'ws')}/ws?ticket=${encodeURIComponent(answer.ticket.ticket)}`);
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
      if (run === this.#run) this.#comeBack();
    });
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
    if (this.#welcomed ? silent > this.#times.silenceMs : now - started > this.#times.openMs) {
      this.#comeBack();
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
      if (FINAL.includes(message.reason)) this.#end(message.reason);
      else this.#comeBack();
      return;
    }
    if (message.type === 'welcome') {
      this.#welcomed = true;
      this.#attempt = 0;
      this.#options.events.message(message);
      this.#setLink('open');
      this.#ping();
      return;
    }
    this.#options.events.message(message);
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
