import { describe, expect, it } from '@jest/globals';
import { patternTest } from './pattern-test.js';
import { portablePattern } from './portable-pattern.js';

describe('patternTest', () => {
  it.each<[string, string, boolean]>([
    ['^[a-z]+$', 'example', true],
    ['^[a-z]+$', 'Example', false],
    ['^[a-z]+$', 'a'.repeat(256), true],
    ['^[a-z]+(-[a-z]+)*$', 'an-item', true],
  ])('%s of %s', (pattern, text, matches) => expect(patternTest(pattern)(text)).toBe(matches));

  it.each([
    ['^(a+)+$', `${'a'.repeat(40)}!`],
    ['(a*a*a*)*b', 'a'.repeat(40)],
    [`${'a?'.repeat(40)}${'a'.repeat(40)}`, 'a'.repeat(40)],
    ['^a*a*a*a*a*b$', 'a'.repeat(200)],
  ])('ends soon: %s is not tried on a long text', (pattern, text) => expect(patternTest(pattern)(text)).toBe(false));
});

describe('portablePattern', () => {
  it.each([
    ['^[^\\x00]*$', '^[^\\x00]*$'],
    ['(?P<year>\\d{4})', '(?<year>\\d{4})'],
    ['\\x{1F600}', '\\u{1F600}'],
    ['\\p{Greek}', undefined],
    ['\\p{Script=Greek}', '\\p{Script=Greek}'],
  ])('%s is %s', (pattern, portable) => expect(portablePattern(pattern)).toBe(portable));

  it.each(['(?i)abc', '\\Aabc\\z', '\\Qa.b\\E', '[[:alpha:]]', '\\pN', 'a{2', '(a', '\\_'])(
    '%s means nothing, or something else, elsewhere',
    (pattern) => expect(portablePattern(pattern)).toBeUndefined(),
  );
});
