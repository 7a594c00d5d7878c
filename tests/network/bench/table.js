// Prints the kept results as Markdown, for server/media/PERFORMANCE.md: `node bench/table.js`.

import { results } from './results.js';

const NAMES = {
  concealed: 'invented sound, %',
  frozen: 'frozen, %',
  longest: 'longest still picture, s',
  mute: 'longest silence, s',
  fps: 'pictures/s',
  buffer: 'sound buffer, ms',
  buffer95: 'its p95, ms',
  kbps: 'received, kbit/s',
  down: 'down after, s',
  up: 'up after, s',
  rtt95: 'round trip p95, ms',
  switches: 'changes of size',
  back: 'back after, s',
  connected: 'connected after, s',
  made: 'new connections',
  opened: 'opened after, s',
  kB: 'kB',
  shown: 'shown after, s',
  gone: 'gone after, s',
};

const all = Object.entries(results());
const columns = Object.keys(NAMES).filter((name) => all.some(([, { figures }]) => figures[name] !== undefined));
const row = (cells) => `| ${cells.join(' | ')} |`;
const target = (bound) => (bound >= 0 ? ` (≤ ${bound})` : ` (≥ ${-bound})`);
const cell = ({ figures, bounds }, name) => {
  if (figures[name] === undefined || figures[name] === null) return '–';
  return `${figures[name]}${bounds[name] === undefined ? '' : target(bounds[name])}`;
};

console.log(row(['case → receiver', ...columns.map((name) => NAMES[name]), 'seed', '']));
console.log(row(['---', ...columns.map(() => '---:'), '---', '---']));
for (const [name, line] of all.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
  console.log(row([name, ...columns.map((column) => cell(line, column)), line.seed, line.passed ? 'held' : 'missed']));
}
