// A room's call: makes a connection to the SFU whenever one is needed and the hub can be reached, with the same camera and
// microphone, and shows what flows in each slot. Losing the websocket does not end it (PRODUCT 3.0 P6). It does not know
// what is on stage; it knows mids.
// Input: local tracks, the hub's answers, the browser's statistics. Output: tracks by mid, one report a second.

import type { DeviceReport, Transport } from '../protocol';
import type { MediaMessage, Mirror } from '../state/mirror.svelte';
import type { LocalDevices } from './devices.svelte';
import { fromLinear, Meter, SILENCE } from './level';
import { Peer } from './peer';
import { iceServers } from './relay';
import type { RoomSettings } from './settings';
import { between, type Second, type Totals, totals } from './stats';
import { transportOf } from './transport';

/** A connection that is not there after this long, or broken for this long, is made anew. */
const PATIENCE_MS = 3_000;
const REPORT_MS = 1_000;
/** Reports without a byte from the hub before another way is looked for. */
const SILENT = 2;
const LEVEL_MS = 100;

export interface Slot {
  mid: string;
  track: MediaStreamTrack;
}

export type CallState = 'idle' | 'connecting' | 'connected' | 'broken';

export class RoomCall {
  state = $state<CallState>('idle');
  /** Since when pictures and sound do not come; local time, undefined while they do. */
  brokenSince = $state<number | undefined>();
  video = $state.raw<Slot[]>([]);
  audio = $state.raw<Slot[]>([]);
  /** Level of the own microphone, dBFS. */
  level = $state(SILENCE);
  second = $state.raw<Second | undefined>();
  /** By which way packets travel; undefined until known. */
  transport = $state<Transport | undefined>();
  /** Code of the hub's last refusal of an offer. */
  refused = $state<string | undefined>();

  #mirror: Mirror;
  #devices: LocalDevices;
  #settings: RoomSettings;
  #meter: Meter;
  #current: Peer | undefined; // connected, shown
  #next: Peer | undefined; // on its way
  #attempt = Math.floor(Date.now() / 1000) % 1_000_000_000; // grows through a reload, too
  #mendedAt = 0;
  #incoming = { bytes: 0, silent: 0 }; // what came in all, and for how many reports nothing has
  #boot: string | undefined;
  #due: ReturnType<typeof setTimeout> | undefined;
  #timers: ReturnType<typeof setInterval>[] = [];
  #unlisten: () => void;
  #before: { totals: Totals; at: number } | undefined;
  #stopped = false;

  constructor(mirror: Mirror, devices: LocalDevices, settings: RoomSettings, meter: Meter) {
    this.#mirror = mirror;
    this.#devices = devices;
    this.#settings = settings;
    this.#meter = meter;
    this.#unlisten = mirror.onMedia((message) => void this.#heard(message));
    this.#timers.push(setInterval(() => void this.#report(), REPORT_MS));
    this.#timers.push(setInterval(() => this.#measure(), LEVEL_MS));
  }

  /** The hub was reached, for the first time or again; `boot` names its run. */
  reached(boot: string): void {
    if (this.#boot === boot && (this.#current ?? this.#next)) {
      if (this.state === 'broken' && !this.#next) this.#connect();
      return;
    }
    this.#boot = boot;
    if (this.#current) this.#break(); // another run of the hub knows nothing of the old connection
    this.#connect();
  }

  /** Another camera, microphone or quality. */
  async changed(): Promise<void> {
    const sources = { microphone: this.#devices.microphone.track, camera: this.#devices.camera.track };
    for (const peer of [this.#current, this.#next]) {
      await peer?.replace(sources);
      await peer?.limit(this.#settings.quality);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#unlisten();
    this.#timers.forEach(clearInterval);
    clearTimeout(this.#due);
    this.#current?.close();
    this.#next?.close();
  }

  #connect(): void {
    if (this.#stopped) return;
    clearTimeout(this.#due);
    this.#next?.close();
    const peer = new Peer(++this.#attempt, {
      microphone: this.#devices.microphone.track,
      camera: this.#devices.camera.track,
      quality: this.#settings.quality,
      iceServers: iceServers(this.#mirror.relay),
    });
    this.#next = peer;
    if (!this.#current) this.state = 'connecting';
    peer.connection.addEventListener('connectionstatechange', () => this.#moved(peer));
    void peer.offer().then((sdp) => {
      if (peer === this.#next) this.#mirror.offer(peer.attempt, sdp);
    });
    this.#due = setTimeout(() => this.#again(), PATIENCE_MS);
  }

  /** The time is over: try again, if the hub can be heard; if not, `reached` will. */
  #again(): void {
    if (this.#stopped) return;
    if (this.#mirror.link === 'open') {
      this.#connect();
      return;
    }
    if (this.#next) {
      this.#next.close();
      this.#next = undefined;
    }
    this.#break();
  }

  async #heard(message: MediaMessage): Promise<void> {
    const peer = [this.#next, this.#current].find((peer) => peer?.attempt === message.attempt);
    if (!peer) return;
    if (message.type === 'offer_refused') {
      this.refused = message.code;
      return; // the timer tries again
    }
    this.refused = undefined;
    try {
      await peer.answer(message.sdp);
    } catch {
      return; // an answer that the browser does not take: the timer tries again
    }
    const slots = (mids: string[]): Slot[] =>
      mids.flatMap((mid) => {
        const track = peer.tracks.get(mid);
        return track ? [{ mid, track }] : [];
      });
    this.#slots.set(peer, { video: slots(message.video_slots), audio: slots(message.audio_slots) });
    this.#moved(peer);
  }

  #slots = new WeakMap<Peer, { video: Slot[]; audio: Slot[] }>();

  #moved(peer: Peer): void {
    const state = peer.connection.connectionState;
    if (peer === this.#next) {
      if (state === 'connected') this.#show(peer);
      else if (state === 'failed') this.#soon();
      return;
    }
    if (peer !== this.#current) return;
    if (state === 'connected') {
      if (this.#next) return;
      clearTimeout(this.#due);
      this.state = 'connected';
      this.brokenSince = undefined;
    } else if (state === 'failed') {
      this.#break();
      this.#soon();
    } else if (state === 'disconnected') {
      this.#mend(peer);
    }
  }

  /** Nothing comes on the way that was taken: another may be open, without a new connection. */
  async #restart(peer: Peer): Promise<void> {
    if (this.#stopped || this.#next || this.#mirror.link !== 'open') return;
    const sdp = await peer.restart(++this.#attempt, iceServers(this.#mirror.relay)).catch(() => undefined);
    if (sdp !== undefined && peer === this.#current && !this.#next) this.#mirror.offer(peer.attempt, sdp);
  }

  /** Looks for another way, and makes a new connection if there is none soon. A restart passes through the states of the
   *  outage itself once more, so one has to be enough for a while. */
  #mend(peer: Peer): void {
    const now = performance.now();
    if (now - this.#mendedAt < PATIENCE_MS && this.#mendedAt > 0) return;
    this.#mendedAt = now;
    void this.#restart(peer);
    clearTimeout(this.#due);
    this.#due = setTimeout(() => {
      if (peer.connection.connectionState === 'connected') return;
      this.#break();
      this.#again();
    }, PATIENCE_MS);
  }

  /** The hub says something every second; a browser takes several to call a way broken. */
  #listen(peer: Peer, bytes: number | undefined): void {
    if (bytes === undefined) return;
    const silent = bytes === this.#incoming.bytes ? this.#incoming.silent + 1 : 0;
    this.#incoming = { bytes, silent };
    if (silent === SILENT && this.state === 'connected') this.#mend(peer);
  }

  #soon(): void {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#again(), 200);
  }

  #break(): void {
    this.state = this.#current ? 'broken' : 'connecting';
    this.brokenSince ??= Date.now();
  }

  #show(peer: Peer): void {
    const slots = this.#slots.get(peer);
    if (!slots) return;
    clearTimeout(this.#due);
    const old = this.#current;
    this.#current = peer;
    this.#next = undefined;
    this.#before = undefined;
    this.video = slots.video;
    this.audio = slots.audio;
    this.state = 'connected';
    this.brokenSince = undefined;
    old?.close();
  }

  #measure(): void {
    const level = this.#meter.read();
    if (level !== undefined) this.level = level;
  }

  async #report(): Promise<void> {
    const { camera, microphone } = this.#devices;
    const peer = this.#current;
    if (peer) {
      const report = await peer.connection.getStats().catch(() => undefined);
      const now = performance.now();
      if (report && peer === this.#current) {
        const entries = report as unknown as Map<string, Record<string, unknown> & { type: string }>;
        const read = totals(entries.values());
        this.transport = transportOf(entries.values());
        const transport = [...entries.values()].find((entry) => entry.type === 'transport');
        this.#listen(peer, transport?.bytesReceived as number | undefined);
        if (this.#before) this.second = between(this.#before.totals, read, now - this.#before.at);
        this.#before = { totals: read, at: now };
        if (this.#meter.read() === undefined && read.level !== undefined) this.level = fromLinear(read.level);
      }
    }
    const message: DeviceReport = {
      camera: live(camera.track),
      microphone: live(microphone.track),
      level: Math.round(this.level),
      consent: this.#settings.consent,
      frames: this.second?.frames ?? 0,
      concealed_ms: this.second?.concealedMs ?? 0,
      ...(this.transport && { transport: this.transport }),
    };
    this.#mirror.report(message);
  }
}

const live = (track: MediaStreamTrack | undefined): string => (track?.readyState === 'live' ? track.label : '');
