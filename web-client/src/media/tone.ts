// A short chord for "do you hear this?". Made here, so that nothing is fetched.

const NOTES = [523.25, 659.25, 783.99];
const EACH_S = 0.28;

/** Plays the test tone on the given output; resolves when it is over. */
export async function playTone(speaker?: string): Promise<void> {
  const context = new AudioContext();
  const out = context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  if (speaker && out.setSinkId) await out.setSinkId(speaker).catch(() => undefined);
  await context.resume();
  const start = context.currentTime + 0.05;
  NOTES.forEach((frequency, at) => {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const begin = start + at * EACH_S;
    oscillator.frequency.value = frequency;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(0.25, begin + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, begin + EACH_S * 1.6);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(begin);
    oscillator.stop(begin + EACH_S * 1.6);
  });
  await new Promise((resolve) => setTimeout(resolve, (NOTES.length * EACH_S + 0.4) * 1000));
  await context.close();
}
