import { describe, expect, test } from 'vitest';
import { mergeInto } from './merge';

const merged = (target: Record<string, unknown>, patch: unknown): unknown => {
  mergeInto(target, patch);
  return target;
};

describe('merge patch', () => {
  // RFC 7396, appendix A: the cases whose target and patch are objects.
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(merged(target, patch)).toEqual(result);
  });

  test('what the patch does not name stays the same object, so that nothing else on the screen moves', () => {
    const lan = { name: 'Lan' };
    const view = { people: { lan, son: { name: 'Sơn' } } };
    mergeInto(view, { people: { son: { name: 'Sơn', online: true } } });
    expect(view.people.lan).toBe(lan);
    expect(view.people.son).toEqual({ name: 'Sơn', online: true });
  });
});
