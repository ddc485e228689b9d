import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { Server as GrpcJsServer, ServerCredentials, type UntypedHandleCall, setLogger } from '@grpc/grpc-js';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { TokenVerifier } from '@trellis/security';
import type { Logger } from '@trellis/telemetry';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Admission } from './admission.js';
import type { Arrivals } from './arrivals.js';
import { ConnectionIntake } from './connection-intake.js';
import { grpcDefinition } from './grpc-definition.js';
import { GRPC_TRANSPORT, grpcPath } from './grpc-method.js';
import { healthDefinition, healthService } from './health-service.js';
import type { Readiness } from './readiness.js';
import { serveStream } from './serve-stream.js';
import { serveUnary } from './serve-unary.js';
import { serverSpan } from './server-span.js';
import { StartupProblem, portInUse } from './startup-problem.js';

export interface GrpcServerOptions {
  readonly services: readonly DescService[];
  readonly host: string;
  readonly port: number;
  readonly logger: Logger;
  readonly verifier: TokenVerifier | undefined;
  readonly admission: Admission;
  readonly arrivals: Arrivals;
  readonly readiness: Readiness;
}

/** A bigger request is answered with RESOURCE_EXHAUSTED. gRPC's own default, made visible. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  // Finds a peer that froze without closing its connection.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // Bookkeeping of each connection and call for a debugging service that we do not serve.
  'grpc.enable_channelz': 0,
};

/** Nest's transport of our gRPC services: grpc-js below, generated descriptors instead of .proto files at run time. */
export class GrpcServer extends Server implements CustomTransportStrategy {
  override readonly transportId = GRPC_TRANSPORT;
  /** The port that is open; undefined before `listen` and without services. */
  boundPort: number | undefined;
  readonly #server = new GrpcJsServer(CHANNEL_OPTIONS);
  readonly #options: GrpcServerOptions;
  readonly #draining = new AbortController();
  #intake: ConnectionIntake | undefined;

  constructor(options: GrpcServerOptions) {
    super();
    this.#options = options;
  }

  override listen(callback: (error?: unknown) => void): void {
    this.#open().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  /** Takes no new calls, ends the streams and resolves when the last call is answered, or cut off by the signal. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#draining.abort();
    const gone = this.#intake?.close();
    const cut = (): void => this.#cut();
    if (signal.aborted) return cut();
    signal.addEventListener('abort', cut, { once: true });
    this.#server.tryShutdown(() => undefined); // asks every connection to end; the intake knows when they have
    await gone;
    signal.removeEventListener('abort', cut);
  }

  override close(): void {
    this.#draining.abort();
    this.#cut();
  }

  /** By the intake: without channelz grpc-js forgets which sessions it would have to destroy. */
  #cut(): void {
    this.#server.forceShutdown();
    this.#intake?.cut();
  }

  override on(): void {
    // It has no events of its own: Nest asks every transport for this method.
  }

  override unwrap<T>(): T {
    return this.#server as T;
  }

  async #open(): Promise<void> {
    const { services, host, port } = this.#options;
    const methods = services.flatMap((service) => service.methods);
    this.#demandHandlers(methods);
    if (services.length === 0) return;
    for (const service of services) this.#addService(service);
    this.#addHealth();
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#intake = new ConnectionIntake((connection) => injector.injectConnection(connection));
    this.boundPort = await this.#intake.open(host, port).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE' ? portInUse(port, 'GRPC_PORT') : error;
    });
  }

  /** A method of the contract that nobody answers is a mistake of ours, found here and not by the first caller. */
  #demandHandlers(methods: readonly DescMethod[]): void {
    const promised = new Set(methods.map(grpcPath));
    const missing = [...promised].filter((path) => !this.messageHandlers.has(path));
    const unlisted = [...this.messageHandlers.keys()].filter((path) => !promised.has(path));
    if (missing.length > 0) {
      throw new StartupProblem(`No controller answers ${missing.join(', ')}: mark its method with @GrpcMethod`);
    }
    if (unlisted.length > 0) {
      throw new StartupProblem(`Nobody can call ${unlisted.join(', ')}: add the contract to the options' services`);
    }
  }

  #addService(service: DescService): void {
    this.#server.addService(
      Object.fromEntries(service.methods.map((method) => [method.name, grpcDefinition(method)])),
      Object.fromEntries(service.methods.map((method) => [method.name, this.#handler(method)])),
    );
  }

  #addHealth(): void {
    const { services, readiness } = this.#options;
    const names = services.map(({ typeName }) => typeName);
    this.#server.addService(healthDefinition, healthService({ names, readiness, draining: this.#draining.signal }));
  }

  #handler(method: DescMethod): UntypedHandleCall {
    const { admission, arrivals, logger, verifier } = this.#options;
    const answer = plain(this.messageHandlers.get(grpcPath(method)));
    switch (method.methodKind) {
      case 'unary':
        return noted(arrivals, serveUnary(method, answer, { admission, inServerSpan: serverSpan(logger), verifier }));
      case 'server_streaming':
      case 'bidi_streaming':
        return noted(arrivals, serveStream(method, answer, { logger, verifier, draining: this.#draining.signal }));
      case 'client_streaming':
        throw new StartupProblem(`${grpcPath(method)}: a client stream is not supported, make it bidirectional`);
    }
  }
}

const noted =
  <Args extends unknown[]>(arrivals: Arrivals, handle: (...args: Args) => void) =>
  (...args: Args): void => {
    arrivals.note();
    handle(...args);
  };

/** Nest wraps what a handler returns or throws into an Observable whenever an error or an interceptor is involved. */
const plain =
  (handler: MessageHandler | undefined) =>
  async (input: unknown, call: unknown): Promise<never> => {
    const result: unknown = await handler?.(input, call);
    return (isObservable(result) ? await lastValueFrom(result) : result) as never;
  };

/** grpc-js writes to stderr as it likes; what matters of it reaches us as errors. One logger for the process. */
export function tameGrpcJs(logger: Logger): void {
  const write = (...parts: unknown[]): void => logger.debug({ context: 'grpc-js' }, parts.join(' '));
  setLogger({ error: write, info: write, debug: write });
}
