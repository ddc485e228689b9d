import {
  type DescMessage,
  type DescMethod,
  type MessageInitShape,
  type MessageShape,
  fromBinary,
} from '@bufbuild/protobuf';
import { Client, Metadata, type ServiceError as GrpcError, credentials } from '@grpc/grpc-js';
import { BlogService } from '@trellis/contracts/blog/v1';
import { DETAILS_KEY, type ServiceError, decodeStatus, unauthenticated } from '@trellis/errors';
import type { Caller } from '@trellis/security';
import { createLogger } from '@trellis/telemetry';
import { parseConfig } from './load-config.js';
import { z } from 'zod';
import { commonEnv } from './common-env.js';
import type { Connections } from './connections.js';
import { encode } from './grpc-definition.js';
import { grpcPath } from './grpc-method.js';
import { Service } from './service.js';
import type { Addresses } from './service-identity.js';
import type { MemberOptions } from './service-options.js';
import { Probe, blogModule } from './blog-service.fixture.js';

export const caller = (kind: Caller['kind'], token: string, ...scopes: string[]): Caller => ({
  kind,
  subject: token,
  ...(kind === 'user' && { userId: token }),
  scopes: new Set(scopes),
  token,
  expiresAt: Infinity,
});

const CALLERS: Readonly<Record<string, Caller>> = {
  alice: caller('user', 'alice', 'blog:read', 'blog:write'),
  reader: caller('user', 'reader', 'blog:read'),
  script: caller('client', 'script', 'blog:read', 'blog:write'),
};

/** A running sample, whose tokens are the names in CALLERS and whose registry takes everybody. */
export interface Sample {
  readonly service: Service;
  readonly addresses: Addresses;
  readonly probe: Probe;
  /** Log lines, parsed. */
  readonly log: Record<string, unknown>[];
}

export async function runSample(overrides: Partial<MemberOptions> = {}, env: object = {}): Promise<Sample> {
  const sample = makeSample(overrides, env);
  return { ...sample, addresses: await sample.service.open() };
}

/** A sample that is not open yet. */
export function makeSample(overrides: Partial<MemberOptions> = {}, env: object = {}): Omit<Sample, 'addresses'> {
  const probe = new Probe();
  const log: Record<string, unknown>[] = [];
  const logger = createLogger(
    { name: 'blog', level: 'debug' },
    { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const service = new Service(
    {
      name: 'blog',
      config: sampleConfig(env),
      logger,
      services: [BlogService],
      module: () => blogModule(probe),
      ...overrides,
    },
    () => fakeConnections(probe),
  );
  return { service, probe, log };
}

const sampleConfig = (env: object = {}): MemberOptions['config'] =>
  parseConfig(z.object(commonEnv), {
    REGISTRY_ADDRESS: '127.0.0.1:1',
    REGISTRY_CREDENTIAL_FILE: '/dev/null',
    ISSUER_URL: 'http://issuer',
    JWKS_URL: 'http://issuer/jwks',
    DRAIN_TIMEOUT_MS: '2000',
    ...env,
  });

function fakeConnections(probe: Probe): Connections {
  probe.directory.set(); // which is a first snapshot, of nobody
  return {
    directory: probe.directory,
    rpc: {
      unary: () => Promise.reject(new Error('no calls here')),
      http: () => Promise.reject(new Error('no calls here')),
      upgrade: () => Promise.reject(new Error('no calls here')),
      hashSource: () => undefined,
      health: () => [],
      use: () => undefined,
      client: () => {
        throw new Error('no calls here');
      },
      close: () => void probe.seen.push('connections closed'),
    },
    verifier: {
      verify: async (token) => {
        probe.seen.push(`verify ${token}`);
        const known = CALLERS[token];
        if (!known) throw unauthenticated('The token is not valid', { reason: 'TOKEN_INVALID' });
        return known;
      },
    },
    announce: (_addresses, state) => ({
      accepted: async (withinMs) => {
        probe.patience = withinMs;
        probe.seen.push(state === 'SERVING' ? 'accepted' : `accepted as ${state}`);
        await probe.listed;
      },
      setState: (state) => void probe.seen.push(state),
      leave: async () => {
        await probe.leaving;
        probe.seen.push('left');
      },
    }),
    close: () => probe.seen.push('connections closed'),
  };
}

export interface CallOptions {
  readonly token?: string;
  readonly deadline?: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Calls as any gRPC client would, and rejects with the error that the status stands for. */
export function call<M extends DescMethod>(
  address: string | undefined,
  method: M,
  request: MessageInitShape<M['input']> | Buffer,
  { token, deadline, metadata: extra = {} }: CallOptions = {},
): Promise<MessageShape<M['output']>> {
  const client = new Client(address ?? '', credentials.createInsecure());
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  for (const [key, value] of Object.entries(extra)) metadata.set(key, value);
  const bytes = Buffer.isBuffer(request) ? request : encode(method.input as DescMessage, request);
  return new Promise<MessageShape<M['output']>>((resolve, reject) => {
    client.makeUnaryRequest(
      grpcPath(method),
      (message: Buffer) => message,
      (answer) => fromBinary(method.output as M['output'], answer),
      bytes,
      metadata,
      { ...(deadline !== undefined && { deadline }) },
      (error, answer) => (answer === undefined ? reject(serviceError(error)) : resolve(answer)),
    );
  }).finally(() => client.close());
}

export function serviceError(error: GrpcError | null): ServiceError {
  const details = error?.metadata.get(DETAILS_KEY)[0];
  return decodeStatus(error?.code ?? 2, error?.details ?? '', Buffer.isBuffer(details) ? details : undefined);
}
