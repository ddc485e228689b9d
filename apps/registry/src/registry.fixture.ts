import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DescMessage, type MessageInitShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type UntypedHandleCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { RegistryService } from '@trellis/contracts/registry/v1';
import { DETAILS_KEY, ServiceError, encodeStatus } from '@trellis/errors';
import type { Call, StreamCall } from '@trellis/service-defaults';
import { type Logger, createLogger } from '@trellis/telemetry';
import { CredentialsFile } from './credentials/credentials-file.js';
import { Operator } from './operator.js';
import { Registrar } from './announce/registrar.js';
import { Registry } from './registry.js';
import { RegistryGrpc } from './registry.grpc.js';
import { Admission } from './announce/admission.js';
import { ContractGate } from './contract/contract-gate.js';
import type { Timing } from './catalogue/timing.js';

/** Credentials of this repository's services for a test, in a file of their own. */
export class TestCredentials {
  readonly #directory = mkdtempSync(join(tmpdir(), 'trellis-registry-'));
  readonly path = join(this.#directory, 'credentials.json');
  readonly user = newCredential();
  readonly blog = newCredential();

  constructor() {
    this.write({ user: this.user, blog: this.blog });
  }

  write(credentials: Readonly<Record<string, string>>): void {
    const entries = Object.entries(credentials).map(([service, credential]) => ({
      service,
      packages: [`trellis.${service}`],
      sha256: createHash('sha256').update(credential).digest('hex'),
    }));
    writeFileSync(this.path, JSON.stringify(entries));
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }
}

export interface RunningRegistry {
  readonly address: string;
  readonly registry: Registry;
  /** Ends like a process that is killed: every connection at once, nobody is told why. */
  kill(): void;
}

/** The real registry behind a plain grpc-js server: what service-defaults adds is tested there. */
export async function runRegistry(options: {
  credentials: TestCredentials;
  epoch: string;
  port?: number;
  timing?: Timing;
}): Promise<RunningRegistry> {
  const logger = createLogger({ name: 'registry', level: 'silent' });
  const credentials = new CredentialsFile(options.credentials.path, logger);
  const registry = new Registry({ epoch: options.epoch, logger, ...(options.timing && { timing: options.timing }) });
  const server = serve(methodsOf(registry, credentials, logger));
  const port = await bind(server, options.port ?? 0);
  registry.start();
  credentials.watch();
  return {
    address: `127.0.0.1:${port}`,
    registry,
    kill: () => {
      registry.stop();
      credentials.close();
      server.forceShutdown();
    },
  };
}

/** What answers the contract's methods, put together as the module does it. */
export function methodsOf(registry: Registry, credentials: CredentialsFile, logger: Logger): RegistryGrpc {
  const gate = new ContractGate(registry);
  const admission = new Admission(registry.catalogue, gate);
  const registrar = new Registrar(registry, admission);
  const operator = new Operator(registry, gate, logger);
  return new RegistryGrpc(registry, credentials, admission, gate, registrar, operator);
}

function newCredential(): string {
  return randomBytes(32).toString('base64url');
}

interface Stream {
  readonly metadata: Metadata;
  once(event: 'cancelled', listener: () => void): unknown;
  emit(event: 'error', error: object): unknown;
}

function serve(controller: RegistryGrpc): Server {
  const streaming = (handle: (stream: never, call: StreamCall) => void) => (stream: Stream) => {
    const gone = new AbortController();
    const fail = (error: unknown): void => {
      stream.emit('error', status(error));
      gone.abort();
    };
    stream.once('cancelled', () => gone.abort());
    try {
      handle(stream as never, { ...call(stream.metadata, gone.signal), fail });
    } catch (error) {
      fail(error);
    }
  };
  const unary =
    (handle: (request: never, call: Call) => Promise<object>) =>
    (received: { request: object; metadata: Metadata }, answer: sendUnaryData<object>) => {
      handle(received.request as never, call(received.metadata, new AbortController().signal)).then(
        (value) => answer(null, value),
        (error: unknown) => answer(status(error)),
      );
    };
  const handlers: Record<string, unknown> = {
    Session: streaming((stream, streamCall) => controller.session(stream, streamCall)),
    Watch: streaming((stream, streamCall) => controller.watch(stream, streamCall)),
    GetContract: unary((request, unaryCall) => controller.getContract(request, unaryCall)),
    ListServices: unary((request) => controller.listServices(request)),
    ListInstances: unary((request) => controller.listInstances(request)),
  };
  const server = new Server();
  server.addService(definitions(), handlers as Record<string, UntypedHandleCall>);
  return server;
}

/** The reason travels too: tests tell refusals apart by it. */
function status(thrown: unknown) {
  const error = ServiceError.from(thrown);
  const metadata = new Metadata();
  const { message, details } = encodeStatus(error);
  if (details) metadata.set(DETAILS_KEY, Buffer.from(details));
  return { code: error.code, details: message, metadata };
}

const call = (metadata: Metadata, signal: AbortSignal): Call => ({
  caller: undefined,
  deadline: Infinity,
  signal,
  metadata,
});

function definitions(): Record<string, MethodDefinition<object, object>> {
  const encoder = (schema: DescMessage) => (value: object) =>
    Buffer.from(
      value instanceof Uint8Array ? value : toBinary(schema, create(schema, value as MessageInitShape<DescMessage>)),
    );
  const decoder = (schema: DescMessage) => (bytes: Buffer) => fromBinary(schema, bytes);
  return Object.fromEntries(
    RegistryService.methods.map(({ name, methodKind, input, output }) => [
      name,
      {
        path: `/${RegistryService.typeName}/${name}`,
        requestStream: methodKind === 'bidi_streaming',
        responseStream: methodKind !== 'unary',
        requestSerialize: encoder(input),
        requestDeserialize: decoder(input),
        responseSerialize: encoder(output),
        responseDeserialize: decoder(output),
      },
    ]),
  );
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
}
