import { join } from 'node:path';
import type { ProcessSpec } from './child.js';
import { entryOf } from './checkout.js';
import type { SharedSocket } from './shared-socket.js';
import type { Secrets } from './secrets.js';

/** Services that may run as more than one instance, and how many run unless told otherwise. */
export const DEFAULT_REPLICAS: Readonly<Record<string, number>> = { user: 2, blog: 2 };

/** The services that everything passes. */
const BUSY: readonly string[] = ['registry', 'gateway'];

/**
 * How Node runs them. Most of what they allocate dies with the message or request that brought it, and in a nursery of 64 MB
 * instead of 16 nearly all of it does before it is copied: a heartbeat costs the registry 21 µs instead of 34 and 5,000
 * sessions are back 1.4 s sooner; a proxied request costs the gateway a seventh less. And they stay ready: by itself V8 uses
 * some seconds without work to shrink the nursery to 1 MB and to mark the whole heap, and the next second of load
 * pays for it. A gateway that rested for 20 s took 269 to 299 µs for a request, and takes 169 to 198 with these.
 */
export const BUSY_NODE_OPTIONS: readonly string[] = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=64',
  '--no-memory-reducer',
];

/** Addresses that several processes must know before the first of them listens. */
export interface Ports {
  readonly gateway: number;
  readonly jaeger: number;
  readonly postgres: number;
  readonly kafka: number;
  readonly otlp: number;
  readonly registryGrpc: number;
  readonly registryHttp: number;
}

export interface TopologyInput {
  readonly ports: Ports;
  /** The public port, which several gateways in turn listen on. */
  readonly gatewaySocket: SharedSocket;
  readonly folder: string;
  readonly secrets: Secrets;
  readonly replicas: Readonly<Record<string, number>>;
  /** What every process inherits, such as PATH. */
  readonly inherited: Readonly<Record<string, string>>;
  readonly logLevel: string;
  /** Of the services' calls to one another; absent: the defaults of the contracts. */
  readonly callPoliciesFile?: string;
  /** More variables for every process of a service. */
  readonly extra?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * What everything else needs: the stand-ins for what compose and Kubernetes run for real, and the registry. They start
 * first, PostgreSQL first among them.
 */
export function foundations(input: TopologyInput): ProcessSpec[] {
  const { ports, folder, inherited, secrets } = input;
  const tool = (service: string, env: Record<string, string>): ProcessSpec => ({
    name: service,
    service,
    entry: entryOf(`tools/${service}`),
    env: { ...inherited, ...env },
  });
  return [
    tool('postgres', { POSTGRES_PORT: `${ports.postgres}`, POSTGRES_DATA_DIR: join(folder, 'postgres') }),
    tool('dev-kafka', { DEV_KAFKA_PORT: `${ports.kafka}`, DEV_KAFKA_DATA_DIR: join(folder, 'kafka') }),
    tool('dev-jaeger', { JAEGER_PORT: `${ports.jaeger}`, OTLP_PORT: `${ports.otlp}` }),
    app(input, 'registry', {
      GRPC_PORT: `${ports.registryGrpc}`,
      HTTP_PORT: `${ports.registryHttp}`,
      REGISTRY_CREDENTIALS_FILE: secrets.credentialsFile,
      REGISTRY_SNAPSHOT_FILE: join(folder, 'registry', 'catalogue.json'),
    }),
  ];
}

export type DatabaseUrl = (database: string) => string;

/** The services that register. `databaseUrl` gives each its own database. */
export function services(input: TopologyInput, databaseUrl: DatabaseUrl): ProcessSpec[] {
  const { replicas } = input;
  const replicated = (service: string): ProcessSpec[] =>
    Array.from({ length: replicas[service] ?? 1 }, (_, index) =>
      oneMore(input, databaseUrl, service, `${service}-${index + 1}`),
    );
  return [
    oneMore(input, databaseUrl, 'auth', 'auth'),
    ...replicated('user'),
    ...replicated('blog'),
    { ...oneMore(input, databaseUrl, 'gateway', 'gateway'), sockets: { http: input.gatewaySocket } },
  ];
}

/** An instance of a service with a name of its own, on free ports unless `env` says otherwise. `env` wins over everything. */
export function oneMore(
  input: TopologyInput,
  databaseUrl: DatabaseUrl,
  service: string,
  name: string,
  env: Readonly<Record<string, string>> = {},
): ProcessSpec {
  const own = OWN_VARIABLES[service];
  if (!own) throw new Error(`No service ${service}. There are: ${Object.keys(OWN_VARIABLES).join(', ')}`);
  const spec = app(input, service, own(input, databaseUrl), name);
  return { ...spec, env: { ...spec.env, ...env } };
}

type Variables = (input: TopologyInput, databaseUrl: DatabaseUrl) => Record<string, string>;

const sample =
  (service: string): Variables =>
  ({ ports }, databaseUrl) => ({
    KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
    DATABASE_URL: databaseUrl(service),
  });

/** What a service needs beside what all of them get. */
const OWN_VARIABLES: Readonly<Record<string, Variables>> = {
  auth: ({ secrets }, databaseUrl) => ({
    HTTP_PORT: '0',
    DATABASE_URL: databaseUrl('auth'),
    AUTH_CLIENTS_FILE: secrets.clientsFile,
  }),
  user: sample('user'),
  blog: sample('blog'),
  gateway: () => ({ PORT: '0' }),
};

function app(input: TopologyInput, service: string, env: Record<string, string>, name = service): ProcessSpec {
  const { ports, secrets } = input;
  return {
    name,
    service,
    entry: entryOf(`apps/${service}`),
    ...(BUSY.includes(service) && { nodeOptions: BUSY_NODE_OPTIONS }),
    preload: [import.meta.resolve('@trellis/telemetry/register')],
    env: {
      ...input.inherited,
      REGISTRY_ADDRESS: `127.0.0.1:${ports.registryGrpc}`,
      REGISTRY_CREDENTIAL_FILE: secrets.credentialFile(service),
      DISCOVERY_CACHE_DIR: join(input.folder, 'discovery'),
      ...(input.callPoliciesFile !== undefined && { CALL_POLICIES_FILE: input.callPoliciesFile }),
      ISSUER_URL: `http://localhost:${ports.gateway}`,
      // Through the gateway, which knows where auth is now: a fixed port could not be in two of its instances.
      JWKS_URL: `http://127.0.0.1:${ports.gateway}/oauth2/jwks`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ports.otlp}`,
      OTEL_SERVICE_NAME: service,
      TRACE_SAMPLE_RATIO: '1',
      LOG_LEVEL: input.logLevel,
      INSTANCE_ID: name,
      ...env,
      ...input.extra?.[service],
    },
  };
}
