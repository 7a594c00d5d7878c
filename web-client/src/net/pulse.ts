// A beat that a browser does not slow down. Timers of a page in a hidden tab are held back to one a minute, and a chair who
// looks at another tab for a while is not away; timers of a worker are left alone.

/** Calls `beat` every `ms` until the answer is called. */
export type Pulse = (ms: number, beat: () => void) => () => void;

/** With the page's own timer: for tests, and where there are no workers. */
export const pagePulse: Pulse = (ms, beat) => {
  const timer = setInterval(beat, ms);
  return () => clearInterval(timer);
};

export const workerPulse: Pulse = (ms, beat) => {
  if (typeof Worker === 'undefined') return pagePulse(ms, beat);
  const worker = new Worker(new URL('./pulse.worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', beat);
  worker.postMessage(ms);
  return () => worker.terminate();
};
