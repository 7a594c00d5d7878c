import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Every custom property of the first block of tokens.css that a pattern opens. */
function tokens(source: string, opening: string): Map<string, string> {
  const from = source.indexOf(opening);
  const block = source.slice(source.indexOf('{', from) + 1, source.indexOf('}', from));
  const found = new Map<string, string>();
  for (const match of block.matchAll(/(--[a-z0-9-]+):\s*(#[0-9a-f]{6})/g)) found.set(match[1] ?? '', match[2] ?? '');
  return found;
}

function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const source = readFileSync('src/style/tokens.css', 'utf8');
const light = tokens(source, ':root {');
const dark = new Map([...light, ...tokens(source, ":root[data-theme='dark'] {")]);
const darkByPreference = tokens(source, ":root:not([data-theme='light']) {");

const grounds = ['canvas', 'surface', 'raised', 'sunken'];
const texts = ['ink', 'ink-soft', 'ink-faint', 'live-text', 'chair-text', 'deck-text', 'ok-text'];
const pairs: [string, string][] = [
  ...grounds.flatMap((ground) => texts.map((text): [string, string] => [text, ground])),
  ...['live', 'chair', 'deck', 'ok', 'lost'].map((name): [string, string] => [`${name}-text`, `${name}-soft`]),
  ...['live', 'chair', 'deck', 'ok', 'lost'].map((name): [string, string] => ['ink', `${name}-soft`]),
  ...['live', 'chair', 'deck'].map((name): [string, string] => ['ink-soft', `${name}-soft`]),
  ['act-ink', 'act'],
  ['act-ink', 'act-hover'],
  ['live-ink', 'live'],
  ['live-ink', 'live-hover'],
  ['chair-ink', 'chair'],
  ['deck-ink', 'deck'],
  ['lost-text', 'lost-stripe'],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_name, theme) => {
  it.each(pairs)('%s is legible on %s', (text, ground) => {
    expect(contrast(theme.get(`--color-${text}`) ?? '', theme.get(`--color-${ground}`) ?? '')).toBeGreaterThanOrEqual(
      4.5,
    );
  });
  it.each(grounds)('the border of a control stands out from %s', (ground) => {
    expect(
      contrast(theme.get('--color-line-strong') ?? '', theme.get(`--color-${ground}`) ?? ''),
    ).toBeGreaterThanOrEqual(3);
  });
});

describe('the wall', () => {
  it.each([
    ['ink', 'canvas'],
    ['ink-soft', 'canvas'],
    ['ink-soft', 'surface'],
    ['live-ink', 'live'],
    ['live-text', 'canvas'],
    ['deck-ink', 'deck'],
    ['deck-text', 'canvas'],
    ['chair', 'canvas'],
    ['chair-ink', 'chair'],
    ['lost-ink', 'lost-stripe'],
    ['ok-text', 'canvas'],
  ])('%s is legible on %s from eight metres', (text, ground) => {
    expect(contrast(light.get(`--wall-${text}`) ?? '', light.get(`--wall-${ground}`) ?? '')).toBeGreaterThanOrEqual(7);
  });
});

it('is the same dark whether asked for by hand or by preference', () => {
  for (const [name, value] of darkByPreference) expect(dark.get(name), name).toBe(value);
});
