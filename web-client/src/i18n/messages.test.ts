// Both languages say the same things: the same files, the same ids with the same variables, and every id that the code
// asks for exists.

import { FluentResource } from '@fluent/bundle';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const src = join(import.meta.dirname, '..');
const here = join(src, 'i18n');

function walk(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
}

const read = (path: string): string => readFileSync(path, 'utf8');
const files = (language: string): string[] =>
  readdirSync(join(here, language))
    .filter((name) => name.endsWith('.ftl'))
    .sort();

function ids(language: string, file: string): string[] {
  return new FluentResource(read(join(here, language, file))).body.map((entry) => entry.id).sort();
}

function variables(language: string, file: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const entry of new FluentResource(read(join(here, language, file))).body) {
    const names = [...JSON.stringify(entry).matchAll(/"type":"var","name":"(\w+)"/g)].map((match) => match[1] ?? '');
    found[entry.id] = [...new Set(names)].sort();
  }
  return found;
}

describe('messages', () => {
  test('both languages have the same files', () => {
    expect(files('en')).toEqual(files('vi'));
  });

  test.each(files('vi'))('%s has the same ids in both languages, each once', (file) => {
    expect(ids('en', file)).toEqual(ids('vi', file));
    expect(new Set(ids('vi', file)).size).toBe(ids('vi', file).length);
  });

  test.each(files('vi'))('%s lets no line slip through the grammar', (file) => {
    for (const language of ['vi', 'en']) {
      const started = read(join(here, language, file))
        .split('\n')
        .filter((line) => /^[a-z]/i.test(line))
        .map((line) => line.split(/\s*=/)[0] ?? '')
        .sort();
      expect(ids(language, file)).toEqual(started);
    }
  });

  test.each(files('vi'))('%s uses the same variables in both languages', (file) => {
    expect(variables('en', file)).toEqual(variables('vi', file));
  });

  test('no id stands in two files', () => {
    const all = files('vi').flatMap((file) => ids('vi', file));
    expect(all.filter((id, at) => all.indexOf(id) !== at)).toEqual([]);
  });

  test('every id that the code asks for exists', () => {
    const known = new Set(files('vi').flatMap((file) => ids('vi', file)));
    const missing: string[] = [];
    for (const path of walk(src)) {
      if (!/\.(svelte|ts)$/.test(path) || path.endsWith('.test.ts') || path.includes('/protocol/')) continue;
      const code = read(path);
      for (const [, id] of code.matchAll(/\bt\(\s*'([^']+)'/g)) {
        if (id !== undefined && !known.has(id)) missing.push(`${path.slice(src.length)}: ${id}`);
      }
      // t(`refusal-${code}`): at least one message starts so.
      for (const [, start] of code.matchAll(/\bt\(\s*`([^$`]*)\$\{/g)) {
        if (start === undefined || start === '' || [...known].some((id) => id.startsWith(start))) continue;
        missing.push(`${path.slice(src.length)}: ${start}…`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('every code of a refusal, phase, role, alert and link has its words', () => {
    const known = new Set(files('vi').flatMap((file) => ids('vi', file)));
    const codes = (type: string): string[] => {
      const text = read(join(src, 'protocol', `${type}.ts`)).replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
      const pattern = type === 'Refusal' ? /"code": "(\w+)"/g : /"(\w+)"/g;
      return [...text.replaceAll(/from "[^"]*"/g, '').matchAll(pattern)].map((match) => match[1] ?? '');
    };
    const families: [string, string][] = [
      ['Refusal', 'refusal'],
      ['Phase', 'phase'],
      ['Role', 'role'],
      ['RequestKind', 'kind'],
      ['LinkState', 'link'],
      ['AlertKind', 'alert'],
      ['ByeReason', 'bye'],
    ];
    const missing = families.flatMap(([type, family]) =>
      codes(type)
        .map((code) => `${family}-${code.replaceAll('_', '-')}`)
        .filter((id) => !known.has(id)),
    );
    expect(missing).toEqual([]);
  });
});
