import { Client, Metadata, type ServiceError as GrpcError, credentials } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { BlogService } from '@trellis/contracts/blog/v1';
import { Code, codeName } from '@trellis/errors';
import { eventually, openLoop } from '@trellis/testing';
import { Work, busyModule, reading } from './busy-service.fixture.js';
import { encode } from './grpc-definition.js';
import { grpcPath } from './grpc-method.js';
import { call, runSample } from './run-sample.fixture.js';

const { getPost } = BlogService.method;
const REQUEST = encode(getPost.input, { id: '1' });

/** For a machine so busy that the calls come in one heap: how long it takes is no part of the story, who waits is. */
const PATIENCE_MS = 80_000;

describe('a service that has too much to do', () => {
  it('refuses at once what is above its limit, and looks at no token for it', async () => {
    const limits = { CONCURRENCY_LIMIT_MIN: '5', CONCURRENCY_LIMIT_MAX: '5' };
    const { service, addresses, probe, log } = await runSample({}, limits);
    const { promise, resolve } = Promise.withResolvers<void>();
    probe.hold = promise;
    const ended: string[] = [];
    const held = Array.from({ length: 5 }, () =>
      call(addresses.grpc, getPost, { id: '1' }, { token: 'alice' }).then(() => ended.push('answered')),
    );
    await eventually(() => expect(probe.seen.filter((event) => event === 'get 1')).toHaveLength(5));
    for (let more = 0; more < 10; more++) {
      await expect(call(addresses.grpc, getPost, { id: '2' }, { token: 'forged' })).rejects.toMatchObject({
        code: Code.RESOURCE_EXHAUSTED,
        reason: 'OVERLOADED',
        retryAfter: 1,
      });
      ended.push('refused');
    }
    resolve();
    await Promise.all(held);
    expect(ended).toEqual([...Array<string>(10).fill('refused'), ...Array<string>(5).fill('answered')]);
    expect(probe.seen).not.toContain('verify forged');
    expect(log.filter(({ msg }) => msg === 'has too much to do: refuses calls')).toHaveLength(1);
    expect((await call(addresses.grpc, getPost, { id: '3' }, { token: 'alice' })).post?.id).toBe('3');
    await service.drain();
  });

  it('goes on answering as much as it can at three times the load, and lets nobody wait in vain', async () => {
    const capacity = 200;
    const work = new Work(4, 20);
    const { service, addresses } = await runSample({ services: [reading], module: () => busyModule(work) });
    const client = new Client(addresses.grpc ?? '', credentials.createInsecure());
    const one = (): Promise<string> => outcome(client);
    const peak = await openLoop({ perSecond: capacity, seconds: 2, call: one });
    const before = work.started;
    const overload = await openLoop({ perSecond: 3 * capacity, seconds: 3, call: one });
    const refused = overload.of('RESOURCE_EXHAUSTED');
    console.log(`peak: ${peak.count('OK') / 2}/s, ${peak.of('OK').latencies}`);
    console.log(`three times the load: ${overload.count('OK') / 3}/s, ${overload.of('OK').latencies}`);
    console.log(`${refused.sent} of ${overload.sent} refused: ${refused.latencies}; at most ${work.longest} waited`);
    expect(Object.keys(overload.outcomes).sort()).toEqual(['OK', 'RESOURCE_EXHAUSTED']);
    expect(overload.count('OK')).toBe(work.started - before);
    expect(work.longest).toBeLessThan(overload.sent / 4); // of a line without end, two thirds would wait at the end
    client.close();
    await service.drain();
  });
});

/** Over one connection, as a gateway calls. */
function outcome(client: Client): Promise<string> {
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer alice');
  const bytes = (message: Buffer): Buffer => message;
  return new Promise((resolve) => {
    const done = (error: GrpcError | null): void => resolve(error ? codeName(error.code as Code) : 'OK');
    const deadline = Date.now() + PATIENCE_MS;
    client.makeUnaryRequest(grpcPath(getPost), bytes, bytes, REQUEST, metadata, { deadline }, done);
  });
}
