import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type ServerUnaryCall, Server, ServerCredentials, type sendUnaryData } from '@grpc/grpc-js';
import type { Instance } from '@trellis/discovery';
import { ManualDirectory, instanceAt } from '@trellis/discovery/testing';

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

/** An instance of the echo service. */
export const echoAt = (address: string, changes: Partial<Instance> = {}): Instance =>
  instanceAt('echo', address, { grpcServices: ['test.v1.EchoService'], ...changes });

/** A directory that lists these. */
export function directoryOf(...instances: readonly Instance[]): ManualDirectory {
  const directory = new ManualDirectory();
  directory.set(...instances);
  return directory;
}

/** A logger that says nothing. */
export const quiet = { debug: () => undefined, warn: () => undefined };
