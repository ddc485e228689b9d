import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { Protocol, State } from '@trellis/contracts/registry/v1';
import { AnnounceMessage } from './announce-message.js';

const instance = {
  id: 'blog-1',
  service: 'blog',
  version: '1.0.0',
  address: 'h:1',
  protocol: 'grpc' as const,
  zone: 'z',
  weight: 50,
  metadata: { a: 'b' },
};

describe('what an instance announces', () => {
  it('has its contract, its hash and its services', () => {
    const announce = new AnnounceMessage(instance, [BlogService]);
    const { instance: told, descriptorSet: contract } = announce.message('SERVING', true);
    expect(contract).toEqual(descriptorSet([BlogService]));
    expect(announce.contractHash).toBe(
      createHash('sha256')
        .update(descriptorSet([BlogService]))
        .digest('hex'),
    );
    expect(told).toMatchObject({
      grpcServices: [BlogService.typeName],
      protocol: Protocol.GRPC,
      weight: 50,
      zone: 'z',
    });
  });

  it('has tags and a probe when they are given', () => {
    const probe = { path: '/up', intervalMs: 1_500, timeoutMs: 200 };
    const { instance: told } = new AnnounceMessage({ ...instance, tags: ['canary'], probe }).message('DRAINING', true);
    expect(told).toMatchObject({
      state: State.DRAINING,
      tags: ['canary'],
      probe: { path: '/up', interval: { seconds: 1n, nanos: 500_000_000 }, timeout: { nanos: 200_000_000 } },
    });
    expect(new AnnounceMessage(instance).message('SERVING', true).instance).not.toHaveProperty('probe');
  });

  it('is the same each time, so that nobody is told of a change when it is said again', () => {
    const announce = new AnnounceMessage(instance, [BlogService]);
    expect(announce.message('SERVING', true)).toEqual(announce.message('SERVING', true));
    expect(new AnnounceMessage(instance).message('SERVING', true)).toMatchObject({
      instance: { metadata: { a: 'b', pid: String(process.pid), start_time: expect.stringMatching(/^\d{4}-.*Z$/) } },
    });
  });

  it('names the contract by its hash alone where that is enough', () => {
    const announce = new AnnounceMessage(instance, [BlogService]);
    const { instance: told, descriptorSet: contract } = announce.message('SERVING', false);
    expect(told?.contractHash).toBe(announce.contractHash);
    expect(contract).toBeUndefined();
  });
});
