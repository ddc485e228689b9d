import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseConfigFile } from '@trellis/config-file';
import { gatewayFile } from '../../file/gateway-file.js';
import { conditionsOf, likeness } from './condition.js';
import type { RequestHead } from './route.js';

/** Few letters, so that parts of the pattern are often found in the text, and often in the wrong place. */
const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });

describe('a pattern with *', () => {
  it('is what the regular expression says in which each * is .*', () => {
    fc.assert(
      fc.property(text('ab*'), text('ab'), (pattern, value) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(value);
        expect(likeness(pattern)(value)).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it('has no other special characters', () => {
    expect(['a.c', 'a+c', '(a|b)'].map((pattern) => likeness(pattern)('abc'))).toEqual([false, false, false]);
    expect(likeness('a.*(')('a.bc(')).toBe(true);
  });

  it('looks at no character more often than the pattern has parts, however it was chosen', () => {
    const pattern = `${'a*'.repeat(63)}b`;
    let looks = 0;
    const value = 'a'.repeat(16_000);
    const counting = { length: value.length, startsWith: () => true, endsWith: () => true, indexOf };
    function indexOf(part: string, at: number): number {
      looks += part.length;
      return value.indexOf(part, at);
    }
    likeness(pattern)(counting as unknown as string);
    expect(looks).toBeLessThan(64);
  });
});

describe('a condition', () => {
  const head = (headers: RequestHead['request']['headers'], query = ''): RequestHead => ({
    httpMethod: 'GET',
    host: 'a.example',
    path: '/x',
    query,
    request: { headers },
  });
  const conditions = (text: string) => {
    const [route] = parseConfigFile(gatewayFile, `routes: [{ path: /x, service: a, ${text} }]`, 'x.yaml').routes;
    return conditionsOf(route ?? {});
  };
  const holds = (text: string, request: RequestHead) => conditions(text).every((condition) => condition.fits(request));

  it.each([
    ["headers: { X-Canary: 'yes' }", head({ 'x-canary': 'yes' }), head({ 'x-canary': 'yes!' })],
    ['headers: { a: { like: "b*" } }', head({ a: 'bc' }), head({ a: 'cb' })],
    ['headers: { a: { like: "*" } }', head({ a: '' }), head({})],
    ['headers: { a: { oneOf: [b, c] } }', head({ a: 'c' }), head({ a: 'd' })],
    ['headers: { a: { present: true } }', head({ a: '' }), head({})],
    ['headers: { a: { present: false } }', head({}), head({ a: '' })],
    ['headers: { set-cookie: b }', head({ 'set-cookie': ['b', 'c'] }), head({ 'set-cookie': ['c', 'b'] })],
    ["query: { v: '2' }", head({}, 'v=2&v=1'), head({}, 'v=1&v=2')],
    ['query: { q: "a b" }', head({}, 'q=a%20b'), head({}, 'q=a%2520b')],
    ['query: { debug: { present: true } }', head({}, 'debug'), head({}, 'debugs=1')],
    ["headers: { a: b }, query: { c: 'd' }", head({ a: 'b' }, 'c=d'), head({ a: 'b' }, 'c=e')],
  ])('%s holds for one request and not for another', (text, one, other) => {
    expect([holds(text, one), holds(text, other)]).toEqual([true, false]);
  });

  it('is told to people', () => {
    const all = conditions(
      'headers: { a: b, c: { like: d* } }, query: { e: { oneOf: [f, g] }, h: { present: false } }',
    );
    expect(all.map((condition) => condition.text)).toEqual([
      'header a is "b"',
      'header c is like "d*"',
      'parameter e is one of "f", "g"',
      'parameter h is not there',
    ]);
  });
});
