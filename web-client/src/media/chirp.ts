// The echo test: a short rising tone is played by the room's loudspeaker, and looked for in what the room's microphone hears
// after echo cancellation (PRODUCT 3.8). The sound itself and the search are numbers here; `echo.ts` plays and listens.

/** Length, and from where to where it rises. Loudspeakers of televisions carry this band, and so does a telephone. */
export const CHIRP_S = 0.2;
const FROM_HZ = 500;
const TO_HZ = 3_000;
export const AMPLITUDE = 0.5;

/** The tone, softly begun and ended so that it does not click. */
export function chirp(rate: number): Float32Array<ArrayBuffer> {
  const length = Math.round(CHIRP_S * rate);
  const slope = (TO_HZ - FROM_HZ) / CHIRP_S;
  return Float32Array.from({ length }, (_, at) => {
    const time = at / rate;
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / (length - 1));
    return AMPLITUDE * hann * Math.sin(2 * Math.PI * (FROM_HZ + (slope * time) / 2) * time);
  });
}

export interface Found {
  /** Level of the tone in the recording against what was played, dB; a bound when the tone does not stand out. */
  db: number;
  /** Where it begins in the recording, seconds; undefined when it does not stand out from the rest. */
  at: number | undefined;
}

const FLOOR_DB = -127;
/** A tone that is there stands this far above the rest of the correlation. */
const STANDS_OUT = 6;

/** Looks for the tone in a recording (a matched filter, at a third of the rate: the band is far below). */
export function find(recording: Float32Array, tone: Float32Array, rate: number): Found {
  const step = Math.max(1, Math.floor(rate / 16_000));
  const heard = thin(recording, step);
  const played = thin(tone, step);
  const energy = played.reduce((sum, sample) => sum + sample * sample, 0);
  const places = heard.length - played.length + 1;
  if (places <= 0 || energy === 0) return { db: FLOOR_DB, at: undefined };
  let [peak, where, power] = [0, 0, 0];
  for (let place = 0; place < places; place += 1) {
    let sum = 0;
    for (let at = 0; at < played.length; at += 1) sum += (heard[place + at] ?? 0) * (played[at] ?? 0);
    power += sum * sum;
    if (Math.abs(sum) > peak) [peak, where] = [Math.abs(sum), place];
  }
  const rest = Math.sqrt(power / places);
  const standsOut = peak > STANDS_OUT * rest;
  return {
    db: peak > 0 ? Math.max(FLOOR_DB, 20 * Math.log10(peak / energy)) : FLOOR_DB,
    at: standsOut ? (where * step) / rate : undefined,
  };
}

/** Every `step`th sample, each the mean of its neighbours, which is filter enough for this band. */
function thin(samples: Float32Array, step: number): Float32Array {
  if (step === 1) return samples;
  return Float32Array.from({ length: Math.floor(samples.length / step) }, (_, at) => {
    let sum = 0;
    for (let n = 0; n < step; n += 1) sum += samples[at * step + n] ?? 0;
    return sum / step;
  });
}
