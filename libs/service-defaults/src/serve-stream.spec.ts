import { fromBinary } from '@bufbuild/protobuf';
import {
  Client,
  type ClientReadableStream,
  Metadata,
  type ServiceError as GrpcError,
  credentials,
} from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RegistryService, type WatchResponse, WatchResponseSchema } from '@trellis/contracts/registry/v1';
import { Code, type ServiceError, notFound } from '@trellis/errors';
import { eventually } from '@trellis/testing';
import { encode } from './grpc-definition.js';
import { grpcPath } from './grpc-method.js';
import { RegistryProbe, registryModule, streams } from './registry-service.fixture.js';
import { type Sample, runSample, serviceError } from './run-sample.fixture.js';

const { watch } = RegistryService.method;

describe('a streaming call', () => {
  let sample: Sample;
  let probe: RegistryProbe;
  let client: Client;
  beforeEach(async () => {
    probe = new RegistryProbe();
    sample = await runSample({ services: [streams], module: () => registryModule(probe) });
    client = new Client(sample.addresses.grpc ?? '', credentials.createInsecure());
  });
  afterEach(async () => {
    client.close();
    await sample.service.drain();
  });

  it('gets typed messages until the handler ends it', async () => {
    const stream = open();
    await eventually(() => expect(probe.call).toBeDefined());
    probe.stream?.write({ epoch: 'one' });
    probe.stream?.end();
    expect(await read(stream)).toEqual({ epochs: ['one'], error: undefined });
  });

  it('is refused when its request breaks the rules', async () => {
    const { error } = await read(open('x'.repeat(64)));
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, violations: [{ field: 'service' }] });
    expect(probe.call).toBeUndefined();
  });

  it('ends with the status of what the handler throws', async () => {
    probe.onWatch = () => {
      throw notFound('No such service');
    };
    expect((await read(open())).error).toMatchObject({ code: Code.NOT_FOUND, message: 'No such service' });
  });

  it('ends with an error that comes long after the handler has returned, and hides an unexpected one', async () => {
    const stream = open();
    await eventually(() => expect(probe.call).toBeDefined());
    probe.call?.fail(new Error('password=hunter2'));
    const { error } = await read(stream);
    expect(error?.code).toBe(Code.INTERNAL);
    expect(error?.message).not.toContain('hunter2');
    expect(probe.call?.signal.aborted).toBe(true);
  });

  it('tells the handler when its caller goes away', async () => {
    const stream = open();
    stream.on('error', () => undefined);
    await eventually(() => expect(probe.call).toBeDefined());
    stream.cancel();
    await eventually(() => expect(probe.call?.signal.aborted).toBe(true));
  });

  it('ends when the service drains, so that its caller goes elsewhere', async () => {
    const reading = read(open());
    await eventually(() => expect(probe.call).toBeDefined());
    await sample.service.drain();
    expect((await reading).error).toMatchObject({ code: Code.UNAVAILABLE, reason: 'DRAINING' });
    expect(probe.call?.signal.aborted).toBe(true);
  });

  const open = (service = ''): ClientReadableStream<WatchResponse> =>
    client.makeServerStreamRequest(
      grpcPath(watch),
      (request: { service: string }) => encode(watch.input, request),
      (bytes) => fromBinary(WatchResponseSchema, bytes),
      { service },
      new Metadata(),
    );
});

function read(
  stream: ClientReadableStream<WatchResponse>,
): Promise<{ epochs: string[]; error: ServiceError | undefined }> {
  const epochs: string[] = [];
  return new Promise((resolve) => {
    stream.on('data', ({ epoch }: WatchResponse) => epochs.push(epoch));
    stream.on('end', () => resolve({ epochs, error: undefined }));
    stream.on('error', (error: GrpcError) => resolve({ epochs, error: serviceError(error) }));
  });
}
