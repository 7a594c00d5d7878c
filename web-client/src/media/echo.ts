// Plays the tone of the echo test and listens with the room's own microphone, echo cancellation on. Gives figures; what they are
// worth the hub says.

import type { Echo } from '../protocol';
import { chirp, CHIRP_S, find } from './chirp';

/** The first tones teach the canceller the room; only the last ones count. */
const TONES = 4;
const COUNTED = 2;
/** What is looked at after each tone: as long as the sound may take through a television and back. */
const WINDOW = 32_768;

/** The worst of what came back; undefined when the browser does not let the page make or hear sound. */
export async function echoTest(microphone: MediaStreamTrack, speaker: string | undefined): Promise<Echo | undefined> {
  const context = new AudioContext({ latencyHint: 'interactive' });
  try {
    const out = context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
    if (speaker && out.setSinkId) await out.setSinkId(speaker).catch(() => undefined);
    await Promise.race([context.resume(), pause(1_000)]);
    if (context.state !== 'running') return undefined;
    const ear = context.createAnalyser();
    ear.fftSize = WINDOW;
    const source = context.createMediaStreamSource(new MediaStream([microphone]));
    source.connect(ear);
    const tone = chirp(context.sampleRate);
    const sound = context.createBuffer(1, tone.length, context.sampleRate);
    sound.copyToChannel(tone, 0);
    const found: Echo[] = [];
    for (let n = 0; n < TONES; n += 1) {
      const echo = await once(context, ear, sound, tone);
      if (n >= TONES - COUNTED) found.push(echo);
    }
    source.disconnect();
    return found.reduce((worst, echo) => (echo.return_db > worst.return_db ? echo : worst));
  } finally {
    await context.close();
  }
}

async function once(context: AudioContext, ear: AnalyserNode, sound: AudioBuffer, tone: Float32Array): Promise<Echo> {
  const player = context.createBufferSource();
  player.buffer = sound;
  player.connect(context.destination);
  const begins = context.currentTime + 0.05;
  player.start(begins);
  const seconds = WINDOW / context.sampleRate;
  // The window ends just so late that the tone's beginning is still in it.
  while (context.currentTime < begins + seconds - 0.04) await pause(10);
  const heard = new Float32Array(WINDOW);
  ear.getFloatTimeDomainData(heard);
  const from = context.currentTime - seconds;
  const { db, at } = find(heard, tone, context.sampleRate);
  await pause(CHIRP_S * 1_000);
  // What does not stand out is no echo, whatever else is loud in the room.
  if (at === undefined) return { return_db: -127, delay_ms: 0 };
  return {
    return_db: Math.round(Math.min(20, db)),
    delay_ms: Math.max(0, Math.round((from + at - begins) * 1_000)),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
