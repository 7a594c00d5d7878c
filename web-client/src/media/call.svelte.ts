// A room's call: makes a connection to the SFU when one is needed and the hub can be reached, with the same camera and
// microphone, and shows what flows in each slot. When nothing comes any more, the same connection looks for another way; a new
// one is made only when that does not help. Losing the websocket does not end the call (PRODUCT 3.0 P6). It does not know what is
// on stage; it knows mids.
// Input: local tracks, the hub's answers, the browser's statistics. Output: tracks by mid, one report a second.

import type { DeviceReport, Transport } from '../protocol';
import type { MediaMessage, Mirror } from '../state/mirror.svelte';
import { VoiceBuffer } from './buffer';
import type { LocalDevices } from './devices.svelte';
import { fromLinear, Meter, SILENCE } from './level';
import { Peer, type Sources } from './peer';
import { iceServers } from './relay';
import type { RoomSettings } from './settings';
import { Silence } from './silence';
import { between, type Second, type Totals, totals } from './stats';
import { Thrift } from './thrift';
import { bytesReceived, transportOf } from './transport';

/** Another way, or another connection, has this long to come about; each connection after the first twice as long. */
const PATIENCE_MS = 4_000;
const LONGEST_MS = 30_000;
const REPORT_MS = 1_000;
const LEVEL_MS = 100;
/** What comes in is looked at this often; a page that was held back for longer has not looked. */
const LOOK_MS = 200;
const HELD_BACK_MS = 1_500;
/**
 * The hub answers whatever a room sends, twenty times a second. So long without a byte is strange, and then dead. To a room that
 * sends nothing it says something every second.
 */
const QUIET = { strange: 500, dead: 1_500 };
const QUIET_ALONE = { strange: 2_500, dead: 3_500 };
/** … and then the room is told. */
const BROKEN_MS = 3_000;
/** After so long the two ends have counted too many packets that the other never saw (RFC 3711 §3.3.1). */
const RESTARTABLE_MS = 120_000;

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
  #silence = new Silence(performance.now());
  #lookedAt = performance.now();
  #looking: Peer | undefined; // whose figures are on their way
  #patience = PATIENCE_MS;
  #restarts = 0; // since something came in
  #mendAt = 0; // not before
  #boot: string | undefined;
  #due: ReturnType<typeof setTimeout> | undefined;
  #timers: ReturnType<typeof setInterval>[] = [];
  #unlisten: () => void;
  #before: { totals: Totals; at: number } | undefined;
  #buffer = new VoiceBuffer();
  #thrift = new Thrift();
  #stopped = false;

  constructor(mirror: Mirror, devices: LocalDevices, settings: RoomSettings, meter: Meter) {
    this.#mirror = mirror;
    this.#devices = devices;
    this.#settings = settings;
    this.#meter = meter;
    this.#unlisten = mirror.onMedia((message) => void this.#heard(message));
    this.#timers.push(setInterval(() => void this.#report(), REPORT_MS));
    this.#timers.push(setInterval(() => void this.#look(), LOOK_MS));
    this.#timers.push(setInterval(() => this.#measure(), LEVEL_MS));
  }

  /** The hub was reached, for the first time or again; `boot` names its run. */
  reached(boot: string): void {
    const isSameRun = this.#boot === boot;
    this.#boot = boot;
    this.#restarts = 0;
    this.#mendAt = 0;
    this.#patience = PATIENCE_MS;
    if (isSameRun && this.#current && !this.#next) {
      if (this.#silence.lasts(performance.now()) >= this.#quiet.strange) this.#mend(this.#current);
      return;
    }
    // Another run of the hub knows nothing of the old connection; and an offer may have been lost with the socket.
    if (!isSameRun && this.#current) this.#break();
    this.#connect();
  }

  /** Another camera, microphone or quality; sound alone, or a picture again. */
  async changed(): Promise<void> {
    const sources = this.#sources();
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

  #sources(): Pick<Sources, 'microphone' | 'camera'> {
    const { microphone, camera } = this.#devices;
    return { microphone: microphone.track, camera: this.#settings.soundOnly ? undefined : camera.track };
  }

  #connect(): void {
    if (this.#stopped) return;
    clearTimeout(this.#due);
    this.#next?.close();
    const peer = new Peer(++this.#attempt, {
      ...this.#sources(),
      quality: this.#settings.quality,
      iceServers: iceServers(this.#mirror.relay),
    });
    this.#next = peer;
    if (!this.#current) this.state = 'connecting';
    peer.connection.addEventListener('connectionstatechange', () => this.#moved(peer));
    void peer.offer().then((sdp) => {
      if (peer === this.#next) this.#mirror.offer(peer.attempt, sdp);
    });
    this.#due = setTimeout(() => this.#again(), this.#patience);
    this.#patience = Math.min(LONGEST_MS, 2 * this.#patience);
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
      if (!(await peer.answer(message.sdp))) {
        // The hub has forgotten this connection.
        this.#break();
        this.#connect();
        return;
      }
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
    // Only what comes in shows that it is whole: a restart passes through the states of the outage once more.
    // What goes out may be lost while something still comes in; of that the browser alone knows.
    if (state === 'failed') this.#break();
    if (state !== 'failed' && state !== 'disconnected') return;
    // On another network the websocket is as dead, and does not know it.
    this.#mirror.check();
    this.#mend(peer);
  }

  /** Looks for another way for the same connection. */
  async #restart(peer: Peer): Promise<void> {
    const sdp = await peer.restart(++this.#attempt, iceServers(this.#mirror.relay)).catch(() => undefined);
    if (sdp !== undefined && peer === this.#current && !this.#next) this.#mirror.offer(peer.attempt, sdp);
  }

  /** Looks for another way, and makes a new connection when the hub can be heard and there was none. */
  #mend(peer: Peer): void {
    if (this.#stopped || this.#next || this.#mirror.link !== 'open') return;
    const now = performance.now();
    if (now < this.#mendAt) return;
    if (this.#restarts > 0 || this.#silence.lasts(now) > RESTARTABLE_MS) {
      this.#break();
      this.#connect();
      return;
    }
    this.#restarts += 1;
    this.#mendAt = now + PATIENCE_MS;
    void this.#restart(peer);
  }

  /** Something comes in again. */
  #mended(): void {
    if (this.#next) return;
    clearTimeout(this.#due);
    this.#restarts = 0;
    this.#mendAt = 0;
    this.#patience = PATIENCE_MS;
    this.state = 'connected';
    this.brokenSince = undefined;
  }

  get #quiet(): typeof QUIET {
    const { camera, microphone } = this.#devices;
    return [camera, microphone].some(({ track }) => track?.readyState === 'live') ? QUIET : QUIET_ALONE;
  }

  /** Whether something comes in; a browser takes many seconds to call a way broken. */
  async #look(): Promise<void> {
    const peer = this.#current;
    if (!peer) return;
    const now = performance.now();
    if (now - this.#lookedAt > HELD_BACK_MS) this.#silence.begin(now);
    this.#lookedAt = now;
    this.#mind(peer, now);
    // A browser may leave the question open for as long as it has no way out.
    if (this.#looking === peer) return;
    this.#looking = peer;
    const report = await peer.connection.getStats().catch(() => undefined);
    if (this.#looking === peer) this.#looking = undefined;
    if (!report || peer !== this.#current) return;
    const entries = report as unknown as Map<string, Record<string, unknown> & { type: string }>;
    const bytes = bytesReceived(entries.values());
    const grew = bytes !== undefined && this.#silence.feed(performance.now(), bytes);
    // Where the bytes are not told, the browser's own word has to do.
    if (bytes === undefined && peer.connection.connectionState === 'connected') this.#silence.begin(performance.now());
    if (grew && (this.state !== 'connected' || this.#restarts > 0)) this.#mended();
  }

  #mind(peer: Peer, now: number): void {
    const [quiet, { strange, dead }] = [this.#silence.lasts(now), this.#quiet];
    if (quiet < strange) return;
    this.#mirror.check();
    if (quiet >= BROKEN_MS) this.#break();
    if (quiet >= dead) this.#mend(peer);
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
    this.#silence = new Silence(performance.now());
    this.#restarts = 0;
    this.#mendAt = 0;
    this.#patience = PATIENCE_MS;
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
        void peer.spare(this.#thrift.feed(read.available));
        if (this.#before) {
          this.second = between(this.#before.totals, read, now - this.#before.at);
          peer.wait(this.#buffer.feed(this.second.concealedMs));
        }
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
      sound_only: this.#settings.soundOnly,
      ...(this.transport && { transport: this.transport }),
    };
    this.#mirror.report(message);
  }
}

const live = (track: MediaStreamTrack | undefined): string => (track?.readyState === 'live' ? track.label : '');
