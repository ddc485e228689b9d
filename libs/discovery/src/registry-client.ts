import { type DescMethod, type MessageShape, fromBinary, toBinary, create } from '@bufbuild/protobuf';
import {
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  Metadata,
  type StatusObject,
  credentials,
  status as grpcStatus,
} from '@grpc/grpc-js';
import {
  RegistryService,
  type SessionRequest,
  type SessionResponse,
  type WatchResponse,
} from '@trellis/contracts/registry/v1';
import { Code, DETAILS_KEY, type ServiceError, decodeStatus } from '@trellis/errors';
import { inflated } from './inflated.js';
import type { Position } from './known-instances.js';

/** A snapshot of some ten thousand instances; grpc-js allows 4 MiB by default. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const CONTRACT_TIMEOUT_MS = 5_000;

/**
 * One connection to the registry with the credential on every call. Its subchannel is its own: a shared one would bring
 * grpc-js's connection backoff along, and ours would wait on top of it.
 */
export class RegistryClient {
  readonly #client: Client;
  readonly #metadata = new Metadata();

  constructor(address: string, credential: string) {
    this.#metadata.set('authorization', `Bearer ${credential}`);
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.keepalive_time_ms': 3_000, // a registry that is frozen or cut off is noticed within six seconds
      'grpc.keepalive_timeout_ms': 3_000,
    });
  }

  session(): ClientDuplexStream<SessionRequest, SessionResponse> {
    const { path, serialize, deserialize } = wire(RegistryService.method.session);
    return this.#client.makeBidiStreamRequest(path, serialize, deserialize, this.#metadata);
  }

  /** From `position` on if the registry still knows what followed it, else from a snapshot. */
  watch(position: Position | undefined): ClientReadableStream<WatchResponse> {
    const { path, serialize, deserialize, input } = wire(RegistryService.method.watch);
    const read = (bytes: Buffer): WatchResponse => inflated(deserialize(bytes), MAX_MESSAGE_BYTES);
    const request = create(input, { ...position, deflate: true });
    return this.#client.makeServerStreamRequest(path, serialize, read, request, this.#metadata);
  }

  contract(hash: string): Promise<Uint8Array> {
    const { path, serialize, deserialize, input } = wire(RegistryService.method.getContract);
    const deadline = Date.now() + CONTRACT_TIMEOUT_MS;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.#client.makeUnaryRequest(
      path,
      serialize,
      deserialize,
      create(input, { hash }),
      this.#metadata,
      { deadline },
      (error, answer) => {
        if (answer) resolve(answer.descriptorSet);
        else reject(statusError(error ?? { details: 'The registry answered nothing' }));
      },
    );
    return promise;
  }

  close(): void {
    this.#client.close();
  }
}

/** What a call ended with, as our error; undefined when it went well. */
export function statusError(status: Partial<StatusObject>): ServiceError | undefined {
  if (status.code === grpcStatus.OK) return undefined;
  const details = status.metadata?.get(DETAILS_KEY)[0];
  return decodeStatus(
    status.code ?? Code.UNKNOWN,
    status.details ?? 'The registry failed',
    details instanceof Uint8Array ? details : undefined,
    status,
  );
}

function wire<M extends DescMethod>({ parent, name, input, output }: M) {
  return {
    path: `/${parent.typeName}/${name}`,
    input: input as M['input'],
    serialize: (message: MessageShape<M['input']>) => Buffer.from(toBinary(input, message)),
    deserialize: (bytes: Buffer) => fromBinary(output as M['output'], bytes),
  };
}
