// From the browser's statistics to the few numbers that the hub and the operator want. Totals in, differences out.

export interface Totals {
  /** Pictures decoded, over all slots. */
  frames: number;
  /** Samples of sound that had to be invented because packets were missing; silence that nobody sent is not counted. */
  concealed: number;
  bytesSent: number;
  bytesReceived: number;
  rttMs: number | undefined;
  /** What the browser thinks that it could send, bit/s; not every browser tells. */
  available: number | undefined;
  /** Linear level of the microphone, 0…1. */
  level: number | undefined;
}

const SAMPLES_PER_MS = 48;

type Entry = Record<string, unknown> & { type: string };

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function totals(report: Iterable<Entry>): Totals {
  const sum: Totals = {
    frames: 0,
    concealed: 0,
    bytesSent: 0,
    bytesReceived: 0,
    rttMs: undefined,
    available: undefined,
    level: undefined,
  };
  for (const entry of report) {
    if (entry.type === 'inbound-rtp') {
      sum.bytesReceived += number(entry.bytesReceived);
      if (entry.kind === 'video') sum.frames += number(entry.framesDecoded);
      else sum.concealed += number(entry.concealedSamples) - number(entry.silentConcealedSamples);
    } else if (entry.type === 'outbound-rtp') {
      sum.bytesSent += number(entry.bytesSent);
    } else if (entry.type === 'candidate-pair' && entry.nominated === true && entry.state === 'succeeded') {
      if (typeof entry.currentRoundTripTime === 'number') sum.rttMs = Math.round(entry.currentRoundTripTime * 1000);
      if (typeof entry.availableOutgoingBitrate === 'number') sum.available = entry.availableOutgoingBitrate;
    } else if (entry.type === 'media-source' && entry.kind === 'audio' && typeof entry.audioLevel === 'number') {
      sum.level = entry.audioLevel;
    }
  }
  return sum;
}

export interface Second {
  frames: number;
  concealedMs: number;
  upKbps: number;
  downKbps: number;
  rttMs: number | undefined;
}

/** What happened between two readings that lie `ms` apart. */
export function between(before: Totals, after: Totals, ms: number): Second {
  const difference = (from: number, to: number): number => Math.max(0, to - from);
  const kbps = (from: number, to: number): number => Math.round((difference(from, to) * 8) / Math.max(1, ms));
  return {
    frames: difference(before.frames, after.frames),
    concealedMs: Math.round(difference(before.concealed, after.concealed) / SAMPLES_PER_MS),
    upKbps: kbps(before.bytesSent, after.bytesSent),
    downKbps: kbps(before.bytesReceived, after.bytesReceived),
    rttMs: after.rttMs,
  };
}
