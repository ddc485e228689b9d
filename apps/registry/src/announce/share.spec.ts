import { create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema, Protocol, State } from '@trellis/contracts/registry/v1';
import { type Admitted } from './admitted.js';
import { Catalogue } from '../catalogue/catalogue.js';
import { checkShare } from './share.js';

const TOO_LARGE = expect.objectContaining({ reason: 'SERVICE_TOO_LARGE' });

let catalogue: Catalogue;
let sessions: number;
beforeEach(() => {
  catalogue = new Catalogue('epoch');
  sessions = 0;
});

const admitted = (service: string, id: string, padding: number, contractHash = ''): Admitted => ({
  instance: create(InstanceSchema, {
    ...{ id, service, address: `${id}:1`, protocol: Protocol.GRPC, state: State.SERVING, contractHash },
    metadata: { padding: 'x'.repeat(padding) },
  }),
  pending: [],
  ...(contractHash !== '' && { contract: new Uint8Array(8) }),
});

/** Announces it and returns the session's number. */
function announce(one: Admitted): number {
  checkShare(one, catalogue);
  catalogue.apply({ kind: 'announce', session: ++sessions, ...one }, 0);
  return sessions;
}

describe('the share of a service', () => {
  it('ends where its entries would make a snapshot that no watcher can read, and no other service notices', () => {
    const fill = (): void => {
      for (let n = 0; n < 3_000; n += 1) announce(admitted('blog', `blog-${n}`, 16_000));
    };
    expect(fill).toThrow(TOO_LARGE);
    expect(catalogue.size).toBeGreaterThan(200);
    announce(admitted('user', 'user-1', 16_000));
    announce(admitted('blog', 'blog-0', 16_000)); // who is there may speak again
  });

  it('holds ten thousand ordinary instances', () => {
    for (let n = 0; n < 10_000; n += 1) announce(admitted('blog', `blog-${n}`, 300));
    expect(catalogue.size).toBe(10_000);
  });

  it('is free again for as much as has left', () => {
    const sizes = [100, 1_000, 10_000];
    const held = sizes.map((size, n) => announce(admitted('blog', `blog-${n}`, size)));
    announce(admitted('blog', 'blog-0', 50)); // replaced by a smaller one
    for (const session of [...held, sessions]) catalogue.apply({ kind: 'leave', session }, 0);
    expect([catalogue.size, catalogue.bytes('blog')]).toEqual([0, 0]);
  });

  it('has room for sixteen contracts at a time', () => {
    const first = announce(admitted('blog', 'blog-0', 0, 'hash-0'));
    for (let n = 1; n < 16; n += 1) announce(admitted('blog', `blog-${n}`, 0, `hash-${n}`));
    const another = admitted('blog', 'blog-16', 0, 'hash-16');
    expect(() => announce(another)).toThrow(TOO_LARGE);
    announce(admitted('blog', 'blog-17', 0, 'hash-1')); // nothing new to keep
    catalogue.apply({ kind: 'leave', session: first }, 0);
    announce(another);
  });
});
