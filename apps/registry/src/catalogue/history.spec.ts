import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { InstanceSchema } from '@trellis/contracts/registry/v1';
import fc from 'fast-check';
import { History } from './history.js';

describe('History', () => {
  it('gives everything since a revision, or says that it does not know it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(30),
        fc.integer({ min: -2, max: 32 }),
        (room, latest, from) => {
          const history = new History(room);
          for (let n = 1; n <= latest; n += 1) {
            history.add({ revision: BigInt(n), kind: 'joined', instance: create(InstanceSchema) });
          }
          const known = from >= latest - Math.min(room, latest) && from <= latest;
          const expected = Array.from({ length: Math.max(0, latest - from) }, (_, n) => BigInt(from + 1 + n));
          const since = history.since(BigInt(from), BigInt(latest));
          expect(since?.map(({ revision }) => revision)).toEqual(known ? expected : undefined);
        },
      ),
    );
  });
});
