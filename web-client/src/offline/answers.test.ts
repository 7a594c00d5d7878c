// Nothing that the hub knows is ever kept or answered by the worker; a page is the hub's as long as the hub can be reached.

import { describe, expect, test } from 'vitest';
import { answerFrom } from './answers';

const ORIGIN = 'https://hub.example';
const SHELL = new Set(['/', '/assets/index-1a.js', '/icon.svg']);
const from = (path: string, mode = 'cors', method = 'GET'): string =>
  answerFrom({ method, url: path.startsWith('http') ? path : ORIGIN + path, mode }, ORIGIN, SHELL);

describe('the worker', () => {
  test.each([
    '/api/ticket',
    '/api/pairing',
    '/api/probe',
    '/api/trust',
    '/ws',
    '/ws?ticket=1',
    '/healthz',
    '/metrics',
    '/whip/phien-1/hoi-truong',
    '/ca.crt',
  ])('never answers %s', (path) => {
    expect(from(path)).toBe('hub');
    expect(from(path, 'navigate')).toBe('hub');
  });

  test('answers no command, whatever its address', () => {
    expect(from('/', 'navigate', 'POST')).toBe('hub');
    expect(from('/assets/index-1a.js', 'cors', 'DELETE')).toBe('hub');
  });

  test('asks the hub for a page first, so that a renewed program is used at once', () => {
    for (const page of ['/', '/dai-bieu', '/chu-toa', '/ghep?ma=493027'])
      expect(from(page, 'navigate')).toBe('hub-then-shell');
  });

  test('answers from the shell what stands in it, and nothing else', () => {
    expect(from('/assets/index-1a.js')).toBe('shell-then-hub');
    expect(from('/assets/index-2b.js')).toBe('hub');
    expect(from('/icon.svg?x=1')).toBe('hub');
    expect(from('https://elsewhere.example/icon.svg')).toBe('hub');
  });
});
