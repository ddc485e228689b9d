import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { type SavedList, readSavedList, writeSavedList } from './saved-list.js';

const NOON = Date.parse('2026-01-01T12:00:00Z');
const HOUR = 3_600_000;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const instance = (id: string, seenAt = NOON) => ({
  message: create(InstanceSchema, { id, service: 'blog', address: 'h:1', state: State.SERVING, metadata: { a: 'b' } }),
  epoch: 'e1',
  seenAt,
});
const list = (more: Partial<SavedList> = {}): SavedList => ({ epoch: 'e1', instances: [], contracts: [], ...more });

describe('the list for the next start', () => {
  it('comes back as it was', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const saved = list({ instances: [instance('a'), instance('b', NOON - HOUR)], contracts: [[hashOf(bytes), bytes]] });
    expect(readSavedList(writeSavedList(saved), NOON)).toEqual(saved);
  });

  it('forgets whom no registry has listed for a day', () => {
    const saved = list({ instances: [instance('day', NOON - 25 * HOUR), instance('hour', NOON - HOUR)] });
    const { instances } = readSavedList(writeSavedList(saved), NOON);
    expect(instances.map(({ message }) => message.id)).toEqual(['hour']);
  });

  it('has no more than eight mebibytes of contracts, the most important of them', () => {
    const contracts = [5, 4, 3].map((mib) => new Uint8Array(mib * 1024 * 1024).fill(mib));
    const saved = list({ contracts: contracts.map((bytes) => [hashOf(bytes), bytes]) });
    const kept = readSavedList(writeSavedList(saved), NOON).contracts;
    expect(kept.map(([, bytes]) => bytes[0])).toEqual([5, 3]);
  });

  it('leaves out a contract that is not what its hash says', () => {
    const text = writeSavedList(list({ contracts: [[hashOf(new Uint8Array([1])), new Uint8Array([2])]] }));
    expect(readSavedList(text, NOON).contracts).toEqual([]);
  });

  it.each([
    ['half a file', writeSavedList(list({ instances: [instance('a')] })).slice(0, 80)],
    ['another format', JSON.stringify({ version: 2 })],
    ['an instance that is none', writeSavedList(list({ instances: [instance('a')] })).replace('"h:1"', '[]')],
  ])('is not read from %s', (_, text) => {
    expect(() => readSavedList(text, NOON)).toThrow();
  });
});
