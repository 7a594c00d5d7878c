/*
 * Getting the attention of somebody who looks elsewhere: a short vibration and a soft chime (PRODUCT 3.14). A device that
 * has neither stays silent; the screen says the same in words.
 */

let audio: AudioContext | undefined;

/** Browsers give sound only after a touch: call at the first one. */
export function allowSound(): void {
  try {
    audio ??= new AudioContext();
    if (audio.state === 'suspended') void audio.resume();
  } catch {
    audio = undefined;
  }
}

/** One rising note to get ready, two for the floor itself. */
export function signal(what: 'ready' | 'speak'): void {
  // Browsers vibrate, too, only after a touch.
  if ('vibrate' in navigator && navigator.userActivation?.hasBeenActive)
    navigator.vibrate(what === 'speak' ? [200, 100, 200, 100, 400] : [200, 100, 200]);
  if (!audio || audio.state !== 'running') return;
  const notes = what === 'speak' ? [523.25, 659.25, 783.99] : [523.25, 659.25];
  notes.forEach((pitch, at) => {
    if (!audio) return;
    const start = audio.currentTime + at * 0.22;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.type = 'sine';
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(0.25, start + 0.03);
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.55);
  });
}
