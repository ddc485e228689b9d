import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { roundRobin } from './old-round-robin.js';

const named = (...ids: string[]) => ids.map((id) => ({ id }));
const lists = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 20 }).map((ids) => named(...ids));

describe('round robin', () => {
  it('begins with the first and goes on one by one', () => {
    const picker = roundRobin().picker(named('a', 'b', 'c'));
    expect([1, 2, 3, 4].map(() => picker.pick([])?.id)).toEqual(['a', 'b', 'c', 'a']);
  });

  it('picks nothing from nothing', () => {
    expect(roundRobin().picker([]).pick([])).toBeUndefined();
  });

  it('passes over what was tried and goes on after its choice', () => {
    const picker = roundRobin().picker(named('a', 'b', 'c'));
    expect(picker.pick(named('a'))?.id).toBe('b');
    expect(picker.pick([])?.id).toBe('c');
  });

  it('knows a tried candidate by its id, as a change brings a new object', () => {
    expect(roundRobin().picker(named('a')).pick(named('a'))).toBeUndefined();
  });

  it('keeps its place when the list changes', () => {
    const strategy = roundRobin();
    strategy.picker(named('a', 'b', 'c')).pick([]);
    expect(strategy.picker(named('a', 'b', 'c', 'd')).pick([])?.id).toBe('b');
  });

  it('gives each candidate the same share in every round', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 5 }), (candidates, rounds) => {
        const picker = roundRobin().picker(candidates);
        const picks = Array.from({ length: rounds * candidates.length }, () => picker.pick([]));
        for (const candidate of candidates) expect(picks.filter((pick) => pick === candidate)).toHaveLength(rounds);
      }),
    );
  });

  it('finds an untried candidate exactly when there is one', () => {
    const withTried = lists.chain((list) => fc.tuple(fc.constant(list), fc.subarray(list), fc.nat(30)));
    fc.assert(
      fc.property(withTried, ([candidates, tried, before]) => {
        const picker = roundRobin().picker(candidates);
        for (let i = 0; i < before; i++) picker.pick([]);
        const pick = picker.pick(tried);
        expect(pick === undefined).toBe(tried.length === candidates.length);
        if (pick) expect(tried).not.toContain(pick);
      }),
    );
  });
});
