import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchingText } from './matching-text.js';

/** Expressions of everything that is known, with texts of letters, so that they mean what they say. */
const { expression } = fc.letrec<{ expression: string; piece: string }>((tie) => ({
  expression: fc.array(tie('piece'), { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join('')),
  piece: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('a', 'é', '\\.', '\\d', '\\w', '\\x41', '\\p{L}', '[a-c]', '[^a]', '[\\]x]', '.', '-'),
    fc.tuple(tie('expression'), fc.constantFrom('', '?:', '?<name>')).map(([inner]) => `(${inner})`),
    fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => `(?:${one}|${other})`),
    fc
      .tuple(fc.constantFrom('a', '[b-d]', '(?:ab)'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}', '+?'))
      .map(([once, times]) => `${once}${times}`),
  ),
}));

describe('matchingText', () => {
  it('is matched by its expression', () => {
    fc.assert(
      fc.property(expression, fc.integer({ min: 0, max: 3 }), (pattern, often) => {
        const text = matchingText(`^${pattern}$`, often);
        expect([text !== undefined, new RegExp(`^${pattern}$`, 'u').test(text ?? '')]).toEqual([true, true]);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['^[A-Z]{3}-[0-9]{4}$', 1, 'AAA-0000'],
    ['^[a-z]+(-[a-z0-9]+)*$', 1, 'a-a'],
    ['^[a-z]+$', 4, 'aaaa'],
    ['^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)$', 1, '0.0'],
  ])('of %s is plain', (pattern, often, text) => expect(matchingText(pattern, often)).toBe(text));

  it.each(['(?=a)b', '^(?!a)b$', '(a)\\1\\k<x>', '[z-a]', '(a', 'a{100000}', '(((a{9}){9}){9})'])(
    'is not looked for in %s',
    (pattern) => expect(matchingText(pattern, 1)).toBeUndefined(),
  );
});
