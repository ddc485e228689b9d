import { beforeEach, describe, expect, it } from '@jest/globals';
import { HOLD_AT_MOST, Preservation } from './preservation.js';

const LEASE = 6_000;
const ids = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => `i${from + n}`);

describe('Preservation', () => {
  let preservation: Preservation;
  beforeEach(() => {
    preservation = new Preservation(LEASE);
  });

  it('lets three of a small service go within a lease, and holds the fourth', () => {
    expect(preservation.expire('blog', ids(1, 0), 10, 0)).toBe(false);
    expect(preservation.expire('blog', ids(1, 1), 9, 1_000)).toBe(false);
    expect(preservation.expire('blog', ids(1, 2), 8, 2_000)).toBe(false);
    expect(preservation.expire('blog', ids(1, 3), 7, 3_000)).toBe(true);
    expect([preservation.preserved('blog'), preservation.held('blog')]).toEqual([true, 1]);
  });

  it('lets 15 % of a large service go', () => {
    expect(preservation.expire('blog', ids(15), 100, 0)).toBe(false);
    expect(preservation.expire('blog', ids(1, 15), 85, 1_000)).toBe(true);
  });

  it('holds all of those that fall silent at the same moment', () => {
    expect(preservation.expire('blog', ids(10), 20, 0)).toBe(true);
    expect(preservation.held('blog')).toBe(10);
  });

  it('counts a lease back and no further, each service for itself', () => {
    expect(preservation.expire('blog', ids(3), 10, 0)).toBe(false);
    expect(preservation.expire('user', ids(3), 10, 0)).toBe(false);
    expect(preservation.expire('blog', ids(3, 3), 7, LEASE)).toBe(false);
  });

  it('ends when all that are held have been heard of', () => {
    preservation.expire('blog', ids(5), 10, 0);
    for (const id of ids(4)) preservation.release('blog', id);
    expect(preservation.preserved('blog')).toBe(true);
    preservation.release('blog', 'i4');
    expect(preservation.preserved('blog')).toBe(false);
  });

  it('ends when a lease has passed quietly and few are held: those leave', () => {
    preservation.expire('blog', ids(5), 10, 0);
    expect(preservation.settle(() => 10, LEASE)).toEqual([]); // five are too many
    for (const id of ids(3)) preservation.release('blog', id);
    expect(preservation.settle(() => 10, LEASE - 1)).toEqual([]); // not quiet for long enough
    expect(preservation.settle(() => 10, LEASE)).toEqual([{ service: 'blog', ids: ['i3', 'i4'] }]);
    expect(preservation.preserved('blog')).toBe(false);
  });

  it('goes on as long as others fall silent', () => {
    preservation.expire('blog', ids(4), 10, 0);
    preservation.release('blog', 'i0');
    expect(preservation.expire('blog', ['i0'], 10, LEASE - 1)).toBe(true);
    expect(preservation.settle(() => 10, LEASE)).toEqual([]);
  });

  it('is patient for a quarter of an hour', () => {
    expect(HOLD_AT_MOST).toBe(900_000);
  });
});
