// How loud the microphone is. A level is dBFS, −127 (silence) … 0, as DeviceReport wants it.

export const SILENCE = -127;

/** Root mean square of samples in −1…1, as dBFS. */
export function dbfs(samples: Float32Array): number {
  if (samples.length === 0) return SILENCE;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return fromLinear(Math.sqrt(sum / samples.length));
}

/** A linear amplitude 0…1 as dBFS. */
export function fromLinear(amplitude: number): number {
  if (!(amplitude > 0)) return SILENCE;
  return Math.max(SILENCE, Math.min(0, Math.round(20 * Math.log10(amplitude))));
}

/** Share of a level bar that is lit: −60 dBFS and less is empty, 0 is full. */
export function lit(level: number): number {
  return Math.max(0, Math.min(1, (level + 60) / 60));
}

export type Verdict = 'silent' | 'faint' | 'good' | 'loud';

/** What a person should be told of the loudest moments of the last seconds. Speech lies between −45 and −9. */
export function verdict(loudest: number): Verdict {
  if (loudest <= -70) return 'silent';
  if (loudest <= -45) return 'faint';
  if (loudest >= -6) return 'loud';
  return 'good';
}

/** Listens to one microphone track. Needs no permission beyond the track; hears nothing until the page may make sound. */
export class Meter {
  #context: AudioContext;
  #analyser: AnalyserNode;
  #source: MediaStreamAudioSourceNode | undefined;
  #samples: Float32Array<ArrayBuffer>;

  constructor() {
    this.#context = new AudioContext({ latencyHint: 'playback' });
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 2048;
    this.#samples = new Float32Array(this.#analyser.fftSize);
  }

  listen(track: MediaStreamTrack | undefined): void {
    this.#source?.disconnect();
    this.#source = undefined;
    if (!track) return;
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }

  /** The level of this moment; undefined while the browser does not let the page run audio. */
  read(): number | undefined {
    if (!this.#source) return SILENCE;
    if (this.#context.state !== 'running') {
      void this.#context.resume();
      return undefined;
    }
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return dbfs(this.#samples);
  }

  close(): void {
    this.listen(undefined);
    void this.#context.close();
  }
}
