import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { readKept, writeKept } from './kept-text.js';

const contract = new Uint8Array([1, 2, 3]);
const contractHash = createHash('sha256').update(contract).digest('hex');
const instance = (id: string, hash = '') =>
  create(InstanceSchema, { id, service: 'blog', address: `${id}:1`, state: State.SERVING, contractHash: hash });
const state = {
  approved: [contractHash],
  entries: [
    { instance: instance('a', contractHash), contract, lease: 6_000, pending: ['a reason'], drained: true },
    { instance: instance('b', contractHash), contract, lease: 6_000, pending: [], drained: false },
    { instance: instance('c'), lease: 10_000, pending: [], drained: false },
  ],
};

describe('What is kept', () => {
  it('is read as it was written, a shared contract once', () => {
    const text = writeKept(state);
    expect(readKept(text)).toEqual(state);
    expect(text.split(Buffer.from(contract).toString('base64'))).toHaveLength(2);
  });

  it.each([
    ['half of a file', writeKept(state).slice(0, -20)],
    ['an empty file', ''],
    ['something else', '{"format":1}'],
    ['a later format', writeKept(state).replace('"format":1', '"format":2')],
    ['a contract that is missing', writeKept(state).replace('"AQID"', '')],
    ['an instance that is none', writeKept(state).replace(/"instance":"[^"]+"/, '"instance":"/w=="')],
  ])('is refused as a whole: %s', (_case, text) => {
    expect(() => readKept(text)).toThrow();
  });
});
