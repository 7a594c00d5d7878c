// The technical check of a room, step by step: measures with the call that stands, the camera and the microphone, and tells the
// hub. It holds no threshold: what a figure is worth comes back with the view (PRODUCT 3.8).
// Input: the call, the devices, the room's own line as the hub sees it. Output: `figures`, and one command.

import type { RoomCall } from '../../media/call.svelte';
import type { LocalDevices } from '../../media/devices.svelte';
import { echoTest } from '../../media/echo';
import { fromLinear, SILENCE } from '../../media/level';
import { difference, glimpse, mean } from '../../media/picture';
import { speedDown, speedUp } from '../../media/speed';
import type { CheckFigures, Link, Picture, Voice } from '../../protocol';
import { deviceId } from '../../state/device';
import type { Mirror } from '../../state/mirror.svelte';

/** In the order in which they are done. */
export const STEPS = ['line', 'speed', 'picture', 'voice', 'echo'] as const;
export type Step = (typeof STEPS)[number];

/** How long the line is watched, the picture is looked at, and somebody is listened to. */
const LINE_MS = 5_000;
const PICTURE_MS = 3_000;
const VOICE_MS = 6_000;
const EVERY_MS = 250;
/** Less difference between two looks a quarter of a second apart than any camera's noise. */
const STILL = 0.02;
const DARK = 14;
const CLIPPED = 0.985;

/** What a person ticks: no instrument can see it. */
export interface Ticks {
  framed: boolean;
  audible: boolean;
}

export interface Sources {
  mirror: Mirror;
  call: RoomCall;
  devices: LocalDevices;
  speaker: string | undefined;
  consent: boolean;
  /** The room's own line as the hub sees it. */
  link: () => Link | undefined;
}

export class Checker {
  /** What is being done now; undefined = nothing. */
  step = $state<Step | undefined>();
  /** Level of the microphone while somebody is listened to. */
  level = $state(SILENCE);
  /** The result could not be told to the hub. */
  failed = $state(false);

  /** Measures everything once and tells the hub; a tick that is made meanwhile counts. */
  async run(from: Sources, ticks: Ticks): Promise<void> {
    if (this.step !== undefined) return;
    this.failed = false;
    const measured: CheckFigures = { ...ticks, consent: from.consent };
    try {
      this.step = 'line';
      Object.assign(measured, await line(from));
      this.step = 'speed';
      const probe = { key: decodeURIComponent(location.hash.slice(1)) };
      Object.assign(measured, defined({ up_kbps: await speedUp(probe), down_kbps: await speedDown(probe) }));
      this.step = 'picture';
      Object.assign(measured, defined({ picture: await picture(from.devices.camera.track) }));
      this.step = 'voice';
      const microphone = from.devices.microphone.track;
      Object.assign(measured, defined({ voice: await this.#listen(microphone) }));
      this.step = 'echo';
      const echo = microphone && (await echoTest(microphone, from.speaker).catch(() => undefined));
      Object.assign(measured, defined({ echo }));
      await this.#tell(from.mirror, { ...measured, ...ticks });
    } finally {
      this.step = undefined;
    }
  }

  /** A tick is an act of its own: what was measured, now or before this page was loaded, is told again with it. */
  async tick(mirror: Mirror, measured: CheckFigures | undefined, ticks: Ticks): Promise<void> {
    if (measured && this.step === undefined) await this.#tell(mirror, { ...measured, ...ticks });
  }

  async #tell(mirror: Mirror, figures: CheckFigures): Promise<void> {
    const outcome = await mirror.send({ do: 'record_check', device: deviceId(), figures });
    this.failed = !outcome.ok;
  }

  async #listen(track: MediaStreamTrack | undefined): Promise<Voice | undefined> {
    if (!track) return undefined;
    const context = new AudioContext();
    try {
      await Promise.race([context.resume(), pause(1_000)]);
      if (context.state !== 'running') return undefined;
      const ear = context.createAnalyser();
      ear.fftSize = 2_048;
      context.createMediaStreamSource(new MediaStream([track])).connect(ear);
      const samples = new Float32Array(ear.fftSize);
      const squares: number[] = [];
      let clipped = false;
      for (const until = performance.now() + VOICE_MS; performance.now() < until; await pause(50)) {
        ear.getFloatTimeDomainData(samples);
        squares.push(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
        clipped ||= samples.some((sample) => Math.abs(sample) >= CLIPPED);
        this.level = fromLinear(Math.sqrt(squares.at(-1) ?? 0));
      }
      return { level_db: loudestSecond(squares, 20), clipped };
    } finally {
      this.level = SILENCE;
      await context.close();
    }
  }
}

/** The loudest second of mean squares taken so many times a second, as dBFS. */
export function loudestSecond(squares: number[], perSecond: number): number {
  const length = Math.min(perSecond, squares.length);
  if (length === 0) return SILENCE;
  let loudest = 0;
  for (let from = 0; from + length <= squares.length; from += 1) {
    const sum = squares.slice(from, from + length).reduce((total, square) => total + square, 0);
    loudest = Math.max(loudest, sum / length);
  }
  return fromLinear(Math.sqrt(loudest));
}

async function line(from: Sources): Promise<Partial<CheckFigures>> {
  const loss: number[] = [];
  const rtt: number[] = [];
  for (const until = performance.now() + LINE_MS; performance.now() < until; await pause(500)) {
    const link = from.link();
    if (link && link.state !== 'offline' && link.state !== 'connecting') {
      loss.push(Math.max(link.loss_up, link.loss_down));
      if (link.rtt_ms !== undefined) rtt.push(link.rtt_ms);
    }
    // The browser's own measurement, where the hub has none yet.
    const own = from.call.second?.rttMs;
    if (link?.rtt_ms === undefined && own !== undefined) rtt.push(own);
  }
  return defined({
    loss_permille:
      loss.length > 0 ? Math.round((10 * loss.reduce((sum, one) => sum + one, 0)) / loss.length) : undefined,
    rtt_ms: rtt.length > 0 ? [...rtt].sort((a, b) => a - b)[Math.floor(rtt.length / 2)] : undefined,
    transport: from.call.transport,
  });
}

async function picture(track: MediaStreamTrack | undefined): Promise<Picture | undefined> {
  if (!track || track.readyState !== 'live') return undefined;
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  try {
    await Promise.race([video.play().catch(() => undefined), pause(1_500)]);
    const looks: Uint8Array[] = [];
    const before = video.getVideoPlaybackQuality().totalVideoFrames;
    const began = performance.now();
    while (performance.now() < began + PICTURE_MS) {
      await pause(EVERY_MS);
      const seen = glimpse(video);
      if (seen) looks.push(seen);
    }
    if (looks.length === 0) return undefined;
    const frames = video.getVideoPlaybackQuality().totalVideoFrames - before;
    const fps = Math.round((frames * 1_000) / (performance.now() - began));
    const stands = looks.every((look, at) => at === 0 || difference(look, looks[at - 1] ?? look) < STILL);
    const dark = looks.every((look) => mean(look) < DARK);
    return {
      width: video.videoWidth,
      height: video.videoHeight,
      fps,
      state: dark ? 'black' : stands || frames === 0 ? 'frozen' : 'moving',
    };
  } finally {
    video.srcObject = null;
  }
}

/** Without the fields that are not there: an absent figure is absent. */
function defined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
