// Sees and hears what a page decodes: which room's picture is in a video element, whether it moves, which rooms' tones come
// out of the audio elements that play. What a page says about itself is never asked.

import { fieldsOf, toneOf } from './fixtures.js';

export const ROOMS = [1, 2, 3, 4, 5];

/** Installed in every room's page before it loads; everything else here calls it. */
export function eyesSource() {
  const codes = JSON.stringify(Object.fromEntries(ROOMS.map((room) => [fieldsOf(room).map(Number).join(''), room])));
  const tones = JSON.stringify(Object.fromEntries(ROOMS.map((room) => [room, toneOf(room)])));
  return `(${install})(${codes}, ${tones});`;
}

/* Runs in the page. */
function install(codes, tones) {
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 36;
  const paint = canvas.getContext('2d', { willReadFrequently: true });

  /** Which room a video element shows: a number, 'none' without a picture, 'unreadable' for anything else. */
  const look = (video) => {
    if (!video || video.readyState < 2 || video.videoWidth === 0) return { room: 'none', bar: -1 };
    paint.drawImage(video, 0, 0, 64, 36);
    const { data } = paint.getImageData(0, 0, 64, 36);
    const light = (x, y, w, h) => {
      let sum = 0;
      for (let row = y; row < y + h; row += 1)
        for (let column = x; column < x + w; column += 1) {
          const at = (row * 64 + column) * 4;
          sum += data[at] + data[at + 1] + data[at + 2];
        }
      return sum / (3 * w * h);
    };
    let code = '';
    for (let field = 0; field < 8; field += 1) {
      const value = light((field % 4) * 16 + 4, Math.floor(field / 4) * 15 + 4, 8, 7);
      code += value > 170 ? '1' : value < 85 ? '0' : '?';
    }
    // Where the bright bar of the lower edge is, in 64ths of the width.
    let bar = -1;
    let best = 0;
    for (let x = 0; x <= 56; x += 1) {
      const value = light(x, 32, 8, 3);
      if (value > best) [best, bar] = [value, x];
    }
    return { room: codes[code] ?? 'unreadable', bar };
  };

  let context;
  const ears = new Map(); // by track id

  /** What comes out of one media element now; nothing when it does not play. */
  const samples = (element) => {
    const track = element.srcObject?.getAudioTracks?.()[0];
    if (!track || element.paused || element.muted || element.volume === 0) return undefined;
    context ??= new AudioContext({ latencyHint: 'interactive' });
    if (context.state !== 'running') void context.resume();
    let ear = ears.get(track.id);
    if (!ear) {
      const analyser = context.createAnalyser();
      analyser.fftSize = 2048;
      analyser.smoothingTimeConstant = 0;
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
      ear = { analyser, samples: new Float32Array(2048) };
      ears.set(track.id, ear);
    }
    ear.analyser.getFloatTimeDomainData(ear.samples);
    return ear.samples;
  };

  /** The rooms whose tone comes out of one media element. */
  const listen = (element) => {
    const heard = samples(element);
    if (!heard) return [];
    return Object.entries(tones)
      .filter(([, tone]) => strength(heard, tone, context.sampleRate) > 0.01)
      .map(([room]) => Number(room));
  };

  /** Goertzel's algorithm with a Hann window: the amplitude of one frequency. */
  const strength = (samples, frequency, rate) => {
    const turn = 2 * Math.cos((2 * Math.PI * frequency) / rate);
    let [last, before] = [0, 0];
    for (let at = 0; at < samples.length; at += 1) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / (samples.length - 1));
      const next = samples[at] * window + turn * last - before;
      before = last;
      last = next;
    }
    return (4 * Math.sqrt(Math.max(0, last * last + before * before - turn * last * before))) / samples.length;
  };

  const videos = () => [...document.querySelectorAll('video[data-slot]')];
  const sounds = () => [...document.querySelectorAll('audio[data-slot], video[data-slot]')];

  window.__eyes = {
    look,
    see: (slot) => look(videos().find((video) => video.dataset.slot === String(slot))),
    all: () => Object.fromEntries(videos().map((video) => [video.dataset.slot, look(video).room])),
    hear: () => [...new Set(sounds().flatMap(listen))].sort(),
    /** The loudest element now, as root mean square 0…1. */
    loud: () =>
      Math.max(
        0,
        ...sounds().map((element) => {
          const heard = samples(element);
          return heard ? Math.sqrt(heard.reduce((sum, one) => sum + one * one, 0) / heard.length) : 0;
        }),
      ),

    /** Waits for both: this room's picture in this slot and its tone. Resolves to epoch milliseconds. */
    arrival: (slot, room, timeout) =>
      new Promise((resolve) => {
        const found = { picture: 0, sound: 0 };
        const began = performance.now();
        const now = () => performance.timeOrigin + performance.now();
        const step = () => {
          const video = videos().find((candidate) => candidate.dataset.slot === String(slot));
          if (!found.picture && look(video).room === room) found.picture = now();
          if (!found.sound && sounds().some((element) => listen(element).includes(room))) found.sound = now();
          if ((found.picture && found.sound) || performance.now() - began > timeout) {
            clearInterval(timer);
            resolve(found);
          }
        };
        const timer = setInterval(step, 8);
      }),
  };
}

/** Which room is seen in a slot (0 = stage). */
export async function readRoom(page, slot = 0) {
  return (await page.evaluate((at) => window.__eyes.see(at), slot)).room;
}

/** Which rooms are seen, by slot. */
export async function readRooms(page) {
  return page.evaluate(() => window.__eyes.all());
}

/** Which rooms are heard, listening for a while; a tone that is there but once counts. */
export async function hearRooms(page, ms = 600) {
  return page.evaluate(async (time) => {
    const heard = new Set();
    const end = performance.now() + time;
    window.__eyes.hear();
    while (performance.now() < end) {
      await new Promise((go) => setTimeout(go, 40));
      for (const room of window.__eyes.hear()) heard.add(room);
    }
    return [...heard].sort();
  }, ms);
}

/** The loudest moment of a while, as root mean square 0…1: for voices, which have no one tone. */
export async function loudest(page, ms = 2_000) {
  return page.evaluate(async (time) => {
    let most = 0;
    const end = performance.now() + time;
    window.__eyes.loud();
    while (performance.now() < end) {
      await new Promise((go) => setTimeout(go, 40));
      most = Math.max(most, window.__eyes.loud());
    }
    return most;
  }, ms);
}

/** Whether the picture in a slot moves. */
export async function moves(page, slot = 0) {
  return page.evaluate(async (at) => {
    const first = window.__eyes.see(at).bar;
    for (let tries = 0; tries < 30; tries += 1) {
      await new Promise((go) => setTimeout(go, 100));
      const bar = window.__eyes.see(at).bar;
      if (bar >= 0 && first >= 0 && bar !== first) return true;
    }
    return false;
  }, slot);
}
