// The pictures and tones by which rooms are told apart. Each room has a number; its camera shows the number as eight large
// black or white fields (four bits and their complement, so that a mixture or a frozen half is never taken for a room) above
// a bar that walks, and its microphone hears one tone. Made with ffmpeg when the tests start, never committed.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RATE = 15;
const SECONDS = 4;

/** The tone of a room, Hz. */
export const toneOf = (room) => 200 + 300 * room;

/** The eight fields of a room, true = white: the number, low bit first, then its complement. */
export const fieldsOf = (room) => [...Array(8).keys()].map((at) => ((room >> at % 4) & 1) === (at < 4 ? 1 : 0));

let folder;

/** The two files of a room. A busy picture has noise over it, which no encoder can make small. */
export function fixturesOf(room, busy = false) {
  folder ??= process.env.E2E_FIXTURES ?? mkdtempSync(join(tmpdir(), 'e2e-fixtures-'));
  mkdirSync(folder, { recursive: true });
  const picture = join(folder, `room-${room}${busy ? '-busy' : ''}.mjpeg`);
  const sound = join(folder, `room-${room}.wav`);
  if (!existsSync(picture)) makePicture(room, picture, busy);
  if (!existsSync(sound)) writeFileSync(sound, tone(toneOf(room)));
  return { picture, sound };
}

function makePicture(room, file, busy) {
  const boxes = fieldsOf(room).map((white, at) => {
    const x = (at % 4) * 160;
    const y = Math.floor(at / 4) * 150;
    return `drawbox=x=${x}:y=${y}:w=160:h=150:color=${white ? 'white' : 'black'}:t=fill`;
  });
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=0x305070:s=640x360:r=${RATE}:d=${SECONDS}`],
    ...['-f', 'lavfi', '-i', `color=white:s=80x60:r=${RATE}:d=${SECONDS}`],
    ...['-filter_complex', `[0:v]${boxes.join(',')}[a];[a][1:v]overlay=x='mod(560*t/${SECONDS}*2,560)':y=300:eval=frame${busy ? ',noise=alls=70:allf=t' : ''}`],
    ...['-c:v', 'mjpeg', '-q:v', '6', '-pix_fmt', 'yuvj420p', '-f', 'mjpeg', file],
  ]);
}

/** Ten seconds of a tone, 16 bits, mono, 48 kHz; a whole number of periods, so that the loop has no click. */
function tone(frequency) {
  const rate = 48_000;
  const samples = rate * 10;
  const data = Buffer.alloc(44 + samples * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at += 1) {
    data.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * frequency * at) / rate)), 44 + at * 2);
  }
  return data;
}
