import { deflateRawSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { WatchResponseSchema } from '@trellis/contracts/registry/v1';
import { inflated } from './inflated.js';

const snapshot = create(WatchResponseSchema, {
  epoch: 'e1',
  revision: 7n,
  message: { case: 'snapshot', value: { instances: [{ id: 'blog-1', service: 'blog' }] } },
});
const bytes = toBinary(WatchResponseSchema, snapshot);
const deflated = create(WatchResponseSchema, {
  epoch: 'e1',
  revision: 7n,
  message: { case: 'deflated', value: deflateRawSync(bytes) },
});

describe('inflated', () => {
  it('gives back what was deflated, and leaves the rest alone', () => {
    expect(inflated(deflated, 1_000)).toEqual(snapshot);
    expect(inflated(snapshot, 1_000)).toBe(snapshot);
  });

  it('takes no more than its bound, however little came over the wire', () => {
    expect(() => inflated(deflated, bytes.length - 1)).toThrow(/larger than/);
  });
});
