import { describe, expect, it } from '@jest/globals';
import { type Coding, wantedCoding } from './accept-encoding.js';

const OFFERED: readonly Coding[] = ['zstd', 'br', 'gzip'];
const NOT = undefined;

describe('the coding that a client wants', () => {
  it.each<[string | undefined, Coding | undefined, boolean]>([
    [undefined, NOT, false],
    ['', NOT, false],
    ['gzip', 'gzip', false],
    ['GZIP', 'gzip', false],
    ['x-gzip', 'gzip', false],
    ['gzip, deflate, br, zstd', 'zstd', false],
    ['gzip, br', 'br', false],
    ['gzip;q=1.0, br;q=0.9', 'gzip', false],
    ['gzip ; q=0.5,br\t;\tq=0.501', 'br', false],
    ['deflate, sdch', NOT, false],
    ['*', 'zstd', false],
    ['*;q=0', NOT, true],
    ['gzip, *;q=0', 'gzip', true],
    ['*, zstd;q=0', 'br', false],
    ['identity', NOT, false],
    ['identity;q=0', NOT, true],
    ['identity;q=0, gzip', 'gzip', true],
    ['identity;q=0, *;q=0.1', 'zstd', true],
    ['*;q=0, identity;q=0.1', NOT, false],
    ['identity, gzip', 'gzip', false],
    ['identity;q=1, gzip;q=0.5', NOT, false],
    ['identity;q=0.5, gzip;q=1', 'gzip', false],
    ['gzip;q=0', NOT, false],
    ['gzip;q=0.000', NOT, false],
    ['gzip;q=2', NOT, false],
    ['gzip;q=0.1234', NOT, false],
    ['gzip;q=-1', NOT, false],
    ['gzip;level=9', NOT, false],
    [',, gzip ,', 'gzip', false],
    ['gzip br', NOT, false],
    ['__proto__;q=0.1', NOT, false],
  ])('%j: %s, and must have one: %s', (header, coding, notPlain) => {
    expect(wantedCoding(header, OFFERED)).toEqual({ coding, notPlain });
  });

  it('is one of those that are offered, the first of equals', () => {
    expect(wantedCoding('gzip, br, zstd', ['gzip', 'br']).coding).toBe('gzip');
    expect(wantedCoding('zstd', ['gzip', 'br']).coding).toBeUndefined();
  });
});
