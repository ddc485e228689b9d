import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type ServerUnaryCall, Server, ServerCredentials, type sendUnaryData } from '@grpc/grpc-js';
import type { Directory, Instance } from '@trellis/discovery';

/** The one method that test servers answer. */
export const ECHO = '/test.v1.EchoService/Echo';

export type Handler = (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => void;

/** A real gRPC server on a free port. It answers with what it got unless told otherwise. */
export class EchoServer {
  readonly #server = new Server();
  readonly calls: ServerUnaryCall<Buffer, Buffer>[] = [];
  address = '';

  async start(handler: Handler = (call, answer) => answer(null, call.request), port = 0): Promise<this> {
    const handle: Handler = (call, answer) => {
      this.calls.push(call);
      handler(call, answer);
    };
    const asIs = (bytes: Buffer): Buffer => bytes;
    const method = { path: ECHO, requestStream: false, responseStream: false } as const;
    const codec = {
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    };
    this.#server.addService({ echo: { ...method, ...codec } }, { echo: handle });
    const bound = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, free) =>
        error ? reject(error) : resolve(free),
      );
    });
    this.address = `127.0.0.1:${bound}`;
    return this;
  }

  /** Breaks every connection, whatever is under way. */
  stop(): void {
    this.#server.forceShutdown();
  }

  /** Resolves when every connection was closed by the other side. */
  async drained(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
  }
}

/** An address where nothing listens: a free port that was bound a moment ago. */
export async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

export const instanceAt = (address: string, changes: Partial<Instance> = {}): Instance => ({
  id: `echo-${address}`,
  service: 'echo',
  version: '0.1.0',
  address,
  protocol: 'grpc',
  state: 'SERVING',
  zone: '',
  weight: 100,
  metadata: {},
  contractHash: '',
  grpcServices: ['test.v1.EchoService'],
  ...changes,
});

/** A directory that a spec fills by hand. */
export class ManualDirectory implements Directory {
  #instances: readonly Instance[] = [];
  readonly #listeners = new Set<(service: string) => void>();
  readonly #first = Promise.withResolvers<boolean>();

  constructor(instances?: readonly Instance[]) {
    if (instances) this.list(instances);
  }

  list(instances: readonly Instance[]): void {
    const before = this.#instances;
    this.#instances = instances;
    this.#first.resolve(true);
    const services = new Set([...before, ...instances].map(({ service }) => service));
    for (const service of services) for (const listener of this.#listeners) listener(service);
  }

  /** Ends the wait for a registry that never answers. */
  giveUp(): void {
    this.#first.resolve(false);
  }

  instances(service: string): readonly Instance[] {
    return this.#instances.some((i) => i.service !== service) ? [] : this.#instances;
  }

  all(): readonly Instance[] {
    return this.#instances;
  }

  onChange(listener: (service: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  contract(): Promise<Uint8Array> {
    return Promise.reject(new Error('not part of these specs'));
  }

  ready(): Promise<boolean> {
    return this.#first.promise;
  }

  close(): void {
    this.#listeners.clear();
  }
}
