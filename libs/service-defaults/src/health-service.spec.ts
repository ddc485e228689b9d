import { fromBinary } from '@bufbuild/protobuf';
import {
  Client,
  type ClientReadableStream,
  Metadata,
  type ServiceError as GrpcError,
  credentials,
} from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BlogService } from '@trellis/contracts/blog/v1';
import {
  Health,
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from '@trellis/contracts/grpc/health/v1';
import { Code } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { encode } from './grpc-definition.js';
import { grpcPath } from './grpc-method.js';
import { HealthChecks } from './health-checks.js';
import { Readiness } from './readiness.js';
import { type Sample, call, runSample, serviceError } from './run-sample.fixture.js';

const { check, watch } = Health.method;
const { getPost } = BlogService.method;

describe('grpc.health.v1', () => {
  let sample: Sample;
  let client: Client;
  beforeEach(async () => {
    sample = await runSample({}, { CONCURRENCY_LIMIT_MIN: '1', CONCURRENCY_LIMIT_MAX: '1' });
    client = new Client(sample.addresses.grpc ?? '', credentials.createInsecure());
  });
  afterEach(async () => {
    client.close();
    await sample.service.drain();
  });
  const ask = (service = '') => call(sample.addresses.grpc, check, { service });

  it.each(['', 'trellis.blog.v1.BlogService'])('says without a token that "%s" serves', async (service) => {
    expect((await ask(service)).status).toBe(Status.SERVING);
  });

  it('knows no other services', async () => {
    await expect(ask('trellis.user.v1.UserService')).rejects.toMatchObject({ code: Code.NOT_FOUND });
    const seen = read(open('trellis.user.v1.UserService'));
    await eventually(() => expect(seen.statuses).toEqual([Status.SERVICE_UNKNOWN]));
  });

  it('answers while every other call is refused', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    sample.probe.hold = promise;
    const held = call(sample.addresses.grpc, getPost, { id: '1' }, { token: 'alice' });
    await eventually(() => expect(sample.probe.seen).toContain('get 1'));
    const another = call(sample.addresses.grpc, getPost, { id: '2' }, { token: 'alice' });
    await expect(another).rejects.toMatchObject({ reason: 'OVERLOADED' });
    expect((await ask()).status).toBe(Status.SERVING);
    resolve();
    await held;
  });

  it('tells a watcher at once, tells it of the drain, and then lets it go', async () => {
    const seen = read(open());
    await eventually(() => expect(seen.statuses).toEqual([Status.SERVING]));
    await sample.service.drain();
    await eventually(() => expect(seen.error).toMatchObject({ code: Code.UNAVAILABLE, reason: 'DRAINING' }));
    expect(seen.statuses).toEqual([Status.SERVING, Status.NOT_SERVING]);
  });

  const open = (service = ''): ClientReadableStream<{ status: Status }> =>
    client.makeServerStreamRequest(
      grpcPath(watch),
      (request: { service: string }) => encode(watch.input, request),
      (bytes) => fromBinary(HealthCheckResponseSchema, bytes),
      { service },
      new Metadata(),
    );
});

describe('readiness', () => {
  it('is not there while a required check fails, and asks each check once for all who ask at once', async () => {
    let asked = 0;
    let fine = false;
    const health = new HealthChecks();
    health.add('storage', async () => {
      asked += 1;
      if (!fine) throw new Error('away');
    });
    const readiness = new Readiness(health);
    expect(await Promise.all([readiness.serves(), readiness.serves(), readiness.serves()])).toEqual([
      false,
      false,
      false,
    ]);
    expect(asked).toBe(1);
    fine = true;
    await eventually(async () => expect(await readiness.serves()).toBe(true));
    readiness.become('DRAINING');
    expect(await readiness.serves()).toBe(false);
  });
});

interface Seen {
  readonly statuses: Status[];
  error: unknown;
}

function read(stream: ClientReadableStream<{ status: Status }>): Seen {
  const seen: Seen = { statuses: [], error: undefined };
  stream.on('data', ({ status }: { status: Status }) => seen.statuses.push(status));
  stream.on('error', (error: GrpcError) => (seen.error = serviceError(error)));
  return seen;
}
