// What a room's connection went through, by the browser's own statistics and nothing else. One half runs in the page: it knows
// the page's connections and notes their figures several times a second. The other half turns two notes, or a row of them, into
// the figures of the tables.

import { percentile } from '../../e2e/bench/figures.js';

/** Installed in a room's page before it loads. */
export const callSource = () => `(${install})();`;

/* Runs in the page. */
function install() {
  const made = [];
  const born = [];
  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(target, words) {
      const connection = Reflect.construct(target, words);
      made.push(connection);
      born.push(now());
      return connection;
    },
  });
  const FIGURES = [
    ...['kind', 'mid', 'packetsReceived', 'packetsLost', 'bytesReceived', 'framesDecoded', 'frameWidth', 'frameHeight'],
    ...['freezeCount', 'totalFreezesDuration', 'concealedSamples', 'silentConcealedSamples', 'totalSamplesReceived'],
    ...['jitterBufferDelay', 'jitterBufferEmittedCount', 'nackCount', 'pliCount', 'retransmittedPacketsReceived', 'decoderImplementation'],
  ];
  const now = () => performance.timeOrigin + performance.now();

  /** The connection that carries the call: the newest that stands, or the newest. */
  const read = async () => {
    const connection = made.findLast((one) => one.connectionState === 'connected') ?? made.at(-1);
    const note = { at: now(), made: made.length, number: made.indexOf(connection), state: connection?.connectionState, streams: {} };
    // Firefox leaves the question open while it has no way out.
    const late = new Promise((go) => setTimeout(go, 2_000));
    const report = await Promise.race([connection?.getStats(), late]);
    if (!report) return note;
    for (const entry of report.values()) {
      if (entry.type === 'inbound-rtp') {
        note.streams[`${note.number}:${entry.id}`] = Object.fromEntries(FIGURES.map((name) => [name, entry[name]]));
      } else if (entry.type === 'outbound-rtp') {
        note.sent = (note.sent ?? 0) + entry.bytesSent;
        if (entry.kind === 'video') note.sentHeight = Math.max(note.sentHeight ?? 0, entry.frameHeight ?? 0);
      } else if (entry.type === 'candidate-pair' && (entry.selected ?? (entry.nominated && entry.state === 'succeeded'))) {
        const local = report.get(entry.localCandidateId);
        note.path = { protocol: local?.protocol, relay: local?.relayProtocol, type: local?.candidateType, rtt: entry.currentRoundTripTime };
      }
    }
    note.at = now();
    return note;
  };

  /** Seconds from the first attempt of this page until there were pictures and sound; undefined = not yet. */
  const media = async () => {
    const note = await read();
    const streams = Object.values(note.streams);
    const some = (name) => streams.some((stream) => stream[name] > 0);
    if (!some('framesDecoded') || !streams.some((one) => one.totalSamplesReceived > one.concealedSamples)) return {};
    return { seconds: Number(((note.at - born[0]) / 1000).toFixed(2)), path: note.path, made: made.length };
  };

  let notes = [];
  let timer;
  window.__call = {
    read,
    media,
    states: () => made.map((one) => `${one.connectionState}/${one.iceConnectionState}`),
    begin: (every) => {
      clearInterval(timer);
      notes = [];
      let busy = false;
      timer = setInterval(async () => {
        if (busy) return;
        busy = true;
        notes.push(await read().catch(() => undefined));
        busy = false;
      }, every);
    },
    end: () => {
      clearInterval(timer);
      return notes.filter(Boolean);
    },
  };
}

/** Notes a call while `during` goes on. */
export async function watch(page, during, every = 200) {
  await page.evaluate((ms) => window.__call.begin(ms), every);
  try {
    await during();
  } finally {
    page.notes = await page.evaluate(() => window.__call.end());
  }
  return page.notes;
}

const none = {};
const difference = (before, after, name) => (after[name] ?? 0) - (before?.[name] ?? 0);

/** Streams of one kind on which something came between two notes, as differences. */
export function flowed(before, after, kind) {
  const seconds = (after.at - before.at) / 1000;
  return Object.entries(after.streams)
    .filter(([, stream]) => stream.kind === kind)
    .map(([id, stream]) => {
      const old = before.streams[id] ?? none;
      const of = (name) => difference(old, stream, name);
      return { seconds, of, stream };
    })
    .filter(({ of }) => of('packetsReceived') > (kind === 'audio' ? 5 : 2) * seconds);
}

const share = (part, whole) => (whole > 0 ? part / whole : Number.NaN);

/** Invented sound in per cent of what was played; of the worst stream that was heard. Silence that nobody sent does not count. */
export function concealed(before, after) {
  const of = flowed(before, after, 'audio').map(
    (one) => 100 * share(one.of('concealedSamples') - one.of('silentConcealedSamples'), one.of('totalSamplesReceived')),
  );
  return Math.max(...of);
}

/** Figures of a whole span for the tables. */
export function summary(notes) {
  const [before, after] = [notes[0], notes.at(-1)];
  const seconds = (after.at - before.at) / 1000;
  const videos = flowed(before, after, 'video');
  const audios = flowed(before, after, 'audio');
  const delays = audios.map((one) => 1000 * share(one.of('jitterBufferDelay'), one.of('jitterBufferEmittedCount')));
  const round = (value, digits = 1) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : null);
  return {
    seconds: Math.round(seconds),
    concealed: round(concealed(before, after), 2),
    frozen: round(Math.max(...videos.map((one) => 100 * share(one.of('totalFreezesDuration'), seconds))), 2),
    longest: round(longestStill(notes), 2),
    freezes: Math.max(...videos.map((one) => one.of('freezeCount'))),
    fps: round(Math.max(...videos.map((one) => one.of('framesDecoded') / seconds))),
    height: Math.max(...videos.map((one) => one.stream.frameHeight ?? 0)),
    buffer: round(Math.max(...delays)),
    buffer95: round(bufferLate(notes)),
    kbps: round(kbps(before, after), 0),
    asked: audios.reduce((sum, one) => sum + one.of('nackCount'), 0),
    path: after.path,
    made: after.made - before.made,
  };
}

/** Received altogether between two notes, kbit/s; a new connection begins at nothing. */
export function kbps(before, after) {
  const sum = (note) => Object.values(note.streams).reduce((bytes, stream) => bytes + (stream.bytesReceived ?? 0), 0);
  const old = before.number === after.number ? sum(before) : 0;
  return (8 * (sum(after) - old)) / (after.at - before.at);
}

/** The jitter buffer of the sound, ms: 95 of 100 seconds are below. */
function bufferLate(notes) {
  const every = [];
  for (let from = 0, to = 0; to < notes.length; to += 1) {
    if (notes[to].at - notes[from].at < 1000) continue;
    for (const one of flowed(notes[from], notes[to], 'audio')) {
      const delay = 1000 * share(one.of('jitterBufferDelay'), one.of('jitterBufferEmittedCount'));
      if (Number.isFinite(delay)) every.push(delay);
    }
    from = to;
  }
  return every.length > 0 ? percentile(every, 95) : Number.NaN;
}

const frames = (note) => Object.values(note.streams).reduce((sum, stream) => sum + (stream.framesDecoded ?? 0), 0);
const heard = (note) =>
  Object.values(note.streams).reduce((sum, stream) => sum + (stream.totalSamplesReceived ?? 0) - (stream.concealedSamples ?? 0), 0);

/** When `of` grew, as times; a new connection begins at nothing. */
function growth(notes, of, least) {
  const times = [];
  let [number, last] = [notes[0].number, of(notes[0])];
  for (const note of notes) {
    if (note.number !== number) [number, last] = [note.number, 0];
    const now = of(note);
    if (now >= last + least) {
      times.push(note.at);
      last = now;
    }
  }
  return times;
}

/** The longest time without a new picture, s. */
function longestStill(notes) {
  const times = [notes[0].at, ...growth(notes, frames, 1), notes.at(-1).at];
  return Math.max(...times.slice(1).map((at, before) => at - times[before])) / 1000;
}

/** The longest time without sound that was sent, s. */
export function longestMute(notes) {
  const times = [notes[0].at, ...growth(notes, heard, 480), notes.at(-1).at];
  return Math.max(...times.slice(1).map((at, before) => at - times[before])) / 1000;
}

/** A call that pauses for so long was interrupted, ms: a key frame, a change of size or a repair may take a moment less. */
const PAUSE = 700;
/** Whoever comes back and is gone again so soon was not back, ms. */
const STEADY = 3000;

/**
 * Seconds from a moment until pictures and sound come again after their pause, and go on; what was on its way when a line died still
 * comes.
 */
export function backAfter(notes, moment) {
  const again = (of, least) => {
    const times = growth(notes, of, least);
    const ends = times.flatMap((at, index) => (at > moment && index > 0 && at - times[index - 1] > PAUSE ? [at] : []));
    const lasts = times.length > 0 && notes.at(-1).at - times.at(-1) < PAUSE;
    if (!lasts) return Number.POSITIVE_INFINITY;
    const broken = ends.findIndex((at, index) => index > 0 && at - ends[index - 1] > STEADY + PAUSE);
    return ends.slice(0, broken < 0 ? ends.length : broken).at(-1) ?? moment;
  };
  return (Math.max(again(frames, 1), again(heard, 480)) - moment) / 1000;
}
