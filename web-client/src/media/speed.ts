// How fast the line to the hub is, both ways (server: /api/probe). A little first, then more while it is fast, so that a slow
// line is not kept busy for long and a fast one is not judged by its first packets.

export interface Probe {
  key: string;
  base?: string;
  fetch?: typeof fetch;
  now?: () => number;
  pause?: (ms: number) => Promise<void>;
}

const SMALLEST = 64 * 1024;
const LARGEST = 4 * 1024 * 1024;
/** A measurement that took so long says enough. */
const ENOUGH_MS = 1_200;
/** Others measure, too: so often it is tried again. */
const TRIES = 30;

/** kbit/s to the hub; undefined when it could not be measured. */
export async function speedUp(probe: Probe): Promise<number | undefined> {
  return grow(async (bytes) => {
    const answer = await ask(probe, '/api/probe', { method: 'POST', body: noise(bytes) });
    if (!answer) return undefined;
    return (await answer.json()) as Timed;
  });
}

/** kbit/s from the hub; undefined when it could not be measured. */
export async function speedDown(probe: Probe): Promise<number | undefined> {
  const now = probe.now ?? (() => performance.now());
  return grow(async (wanted) => {
    const answer = await ask(probe, `/api/probe?bytes=${wanted}`, {});
    const reader = answer?.body?.getReader();
    if (!reader) return undefined;
    let [first, bytes, last] = [0, 0, 0];
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      last = now();
      // The first part marks the beginning and does not count.
      if (first === 0) first = last;
      else bytes += part.value.byteLength;
    }
    return { bytes, ms: last - first };
  });
}

interface Timed {
  bytes: number;
  ms: number;
}

async function grow(measure: (bytes: number) => Promise<Timed | undefined>): Promise<number | undefined> {
  let speed: number | undefined;
  for (let bytes = SMALLEST; bytes <= LARGEST; bytes *= 4) {
    const timed = await measure(bytes).catch(() => undefined);
    if (!timed) return speed;
    // Whatever came in one piece was faster than can be told.
    if (timed.bytes > 0) speed = Math.round((timed.bytes * 8) / Math.max(1, timed.ms));
    if (timed.ms >= ENOUGH_MS) break;
  }
  return speed;
}

async function ask(probe: Probe, path: string, more: RequestInit): Promise<Response | undefined> {
  const pause = probe.pause ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  for (let n = 0; n < TRIES; n += 1) {
    const answer = await (probe.fetch ?? fetch)(`${probe.base ?? ''}${path}`, {
      ...more,
      cache: 'no-store',
      headers: { authorization: `Bearer ${probe.key}` },
    });
    if (answer.ok) return answer;
    if (answer.status !== 429) return undefined;
    await pause(1_000 * Math.min(5, Number(answer.headers.get('retry-after') ?? 1)));
  }
  return undefined;
}

/** Bytes that nothing on the way can make smaller. */
function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(bytes);
  for (let from = 0; from < bytes; from += 65_536) crypto.getRandomValues(made.subarray(from, from + 65_536));
  return made;
}
