import { expect, test, vi } from 'vitest';
import { AMPLITUDE, chirp, find } from './chirp';
import { difference, LONG_MS, luminances, mean, PictureWatch } from './picture';
import { speedDown, speedUp } from './speed';
import { transportOf } from './transport';

const RATE = 48_000;

/** A recording of 0.68 s with the tone in it, so much weaker and so much later, and other sounds. */
function recording(gain: number, delayS: number, other: (at: number) => number = () => 0): Float32Array {
  const tone = chirp(RATE);
  const begins = Math.round(delayS * RATE);
  return Float32Array.from({ length: 32_768 }, (_, at) => gain * (tone[at - begins] ?? 0) + other(at));
}

/** Noise that is the same in every run. */
function noise(level: number): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return level * (state / 1_073_741_823.5 - 1);
  };
}

test('an echo is found with its level and its delay', () => {
  const { db, at } = find(recording(0.05, 0.13), chirp(RATE), RATE);
  expect(db).toBeCloseTo(-26, 0);
  expect(at).toBeCloseTo(0.13, 2);
});

test('an echo is found in a room that is not quiet', () => {
  const { db, at } = find(recording(0.03, 0.2, noise(0.01)), chirp(RATE), RATE);
  expect(db).toBeCloseTo(-30.5, 0);
  expect(at).toBeCloseTo(0.2, 2);
});

test('a hum, a voice and silence are no echo', () => {
  const hum = (at: number): number => 0.3 * Math.sin((2 * Math.PI * 800 * at) / RATE);
  expect(find(recording(0, 0, hum), chirp(RATE), RATE).at).toBeUndefined();
  expect(find(recording(0, 0, noise(0.2)), chirp(RATE), RATE).at).toBeUndefined();
  expect(find(recording(0, 0), chirp(RATE), RATE)).toEqual({ db: -127, at: undefined });
});

test('the tone is soft at both ends and never clips', () => {
  const tone = chirp(RATE);
  expect(Math.abs(tone[1] ?? 1)).toBeLessThan(0.001);
  expect(Math.max(...tone)).toBeLessThanOrEqual(AMPLITUDE);
});

test('a picture stands still or is black only after two seconds', () => {
  const watch = new PictureWatch();
  expect(watch.feed(0, 0, undefined)).toBe('none');
  expect(watch.feed(500, 10, 90)).toBe('moving');
  expect(watch.feed(500 + LONG_MS - 1, 10, 90)).toBe('moving');
  expect(watch.feed(500 + LONG_MS, 10, 90)).toBe('frozen');
  expect(watch.feed(3_000, 11, 3)).toBe('moving');
  expect(watch.feed(4_600, 30, 3)).toBe('black');
  expect(watch.feed(4_700, 31, 80)).toBe('moving');
});

test('luminance is what the eye sees', () => {
  const pixels = new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255]);
  expect([...luminances(pixels)]).toEqual([54, 182, 18, 255]);
  expect(mean(new Uint8Array([10, 20]))).toBe(15);
  expect(difference(new Uint8Array([10, 20]), new Uint8Array([12, 20]))).toBe(1);
});

test('the way of the packets, as Chromium and as Firefox tell it', () => {
  const local = (candidateType: string, protocol: string) => ({
    id: 'l1',
    type: 'local-candidate',
    candidateType,
    protocol,
  });
  const chromium = (candidate: ReturnType<typeof local>) => [
    { id: 't', type: 'transport', selectedCandidatePairId: 'p1' },
    { id: 'p0', type: 'candidate-pair', localCandidateId: 'l0', nominated: true, state: 'succeeded' },
    { id: 'p1', type: 'candidate-pair', localCandidateId: 'l1' },
    candidate,
  ];
  expect(transportOf(chromium(local('host', 'udp')))).toBe('udp');
  expect(transportOf(chromium(local('host', 'tcp')))).toBe('tcp');
  expect(transportOf(chromium(local('relay', 'udp')))).toBe('relay');
  const firefox = [{ id: 'p', type: 'candidate-pair', selected: true, localCandidateId: 'l1' }, local('prflx', 'tcp')];
  expect(transportOf(firefox)).toBe('tcp');
  expect(transportOf([])).toBeUndefined();
});

const json = (body: unknown, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });

test('a fast line is measured with more, a slow one with little', async () => {
  const sizes: number[] = [];
  const line = (kbps: number) =>
    vi.fn<typeof fetch>((_, init) => {
      const bytes = (init?.body as Uint8Array).length;
      sizes.push(bytes);
      return Promise.resolve(json({ bytes, ms: (bytes * 8) / kbps }));
    });
  expect(await speedUp({ key: 'k', fetch: line(300) })).toBe(300);
  expect(sizes).toEqual([65_536]);
  sizes.length = 0;
  expect(await speedUp({ key: 'k', fetch: line(90_000) })).toBe(90_000);
  expect(sizes.at(-1)).toBe(4 * 1024 * 1024);
});

test('who must wait waits, and who may not is told nothing', async () => {
  const busy = vi
    .fn<typeof fetch>()
    .mockResolvedValueOnce(json({}, 429, { 'retry-after': '2' }))
    .mockResolvedValue(json({ bytes: 1_000_000, ms: 2_000 }));
  const waits: number[] = [];
  const pause = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  expect(await speedUp({ key: 'k', fetch: busy, pause })).toBe(4_000);
  expect(waits).toEqual([2_000]);
  expect(busy.mock.calls[0]?.[1]?.headers).toEqual({ authorization: 'Bearer k' });
  const refused = vi.fn<typeof fetch>().mockResolvedValue(json({}, 401));
  expect(await speedDown({ key: 'k', fetch: refused })).toBeUndefined();
});

test('what comes down counts from its first part on', async () => {
  let time = 0;
  const parts = (bytes: number) =>
    new ReadableStream<Uint8Array>({
      pull(stream) {
        time += 1_000;
        stream.enqueue(new Uint8Array(bytes / 4));
        if (time >= 4_000) stream.close();
      },
    });
  const line = vi.fn<typeof fetch>((url) => {
    const bytes = Number(new URL(String(url), 'http://hub').searchParams.get('bytes'));
    return Promise.resolve(new Response(parts(bytes)));
  });
  const speed = await speedDown({ key: 'k', fetch: line, now: () => time });
  expect(speed).toBeGreaterThan(100);
  expect(line).toHaveBeenCalledTimes(1);
});
