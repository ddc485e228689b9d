import { afterAll, describe, expect, it } from '@jest/globals';
import { SharedSocket } from './shared-socket.js';
import { type TopologyInput, foundations, oneMore, services } from './topology.js';

/** Handed on as it is. */
const gatewaySocket = SharedSocket.bind(0);

const input: TopologyInput = {
  ports: { gateway: 1, jaeger: 2, postgres: 3, kafka: 4, otlp: 5, registryGrpc: 6, registryHttp: 7 },
  gatewaySocket,
  folder: '/data',
  secrets: {
    credentialsFile: '/data/secrets/all',
    clientsFile: '/data/secrets/clients',
    credentialFile: (service) => `/data/secrets/${service}`,
  },
  replicas: { user: 1, blog: 3 },
  inherited: { PATH: '/bin' },
  logLevel: 'warn',
  extra: { blog: { DRAIN_TIMEOUT_MS: '1' } },
};

describe('the topology', () => {
  afterAll(() => gatewaySocket.close());
  const databaseUrl = (database: string) => `postgresql://127.0.0.1:3/${database}`;
  const started = services(input, databaseUrl);
  const find = (name: string) => started.find((spec) => spec.name === name)?.env ?? {};

  it('has one registry, auth and gateway, and as many of the others as wanted', () => {
    expect(foundations(input).map(({ name }) => name)).toEqual(['postgres', 'dev-kafka', 'dev-jaeger', 'registry']);
    const names = ['auth', 'user-1', 'blog-1', 'blog-2', 'blog-3', 'gateway'];
    expect(started.map(({ name }) => name)).toEqual(names);
  });

  it('gives each service its own database and credential, and what it has in common with the others', () => {
    expect(find('blog-2')).toEqual({
      PATH: '/bin',
      REGISTRY_ADDRESS: '127.0.0.1:6',
      REGISTRY_CREDENTIAL_FILE: '/data/secrets/blog',
      DISCOVERY_CACHE_DIR: '/data/discovery',
      ISSUER_URL: 'http://localhost:1',
      JWKS_URL: 'http://127.0.0.1:1/oauth2/jwks',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:5',
      OTEL_SERVICE_NAME: 'blog',
      TRACE_SAMPLE_RATIO: '1',
      LOG_LEVEL: 'warn',
      INSTANCE_ID: 'blog-2',
      KAFKA_BROKERS: '127.0.0.1:4',
      DATABASE_URL: 'postgresql://127.0.0.1:3/blog',
      DRAIN_TIMEOUT_MS: '1',
    });
    expect(find('user-1')).toMatchObject({ DATABASE_URL: 'postgresql://127.0.0.1:3/user' });
    expect(find('user-1')).not.toHaveProperty('DRAIN_TIMEOUT_MS');
  });

  it('lets the registry keep its catalogue, and hands a file of call policies to every service', () => {
    const withPolicies = { ...input, callPoliciesFile: '/policies.yaml' };
    expect(foundations(withPolicies)[3]?.env).toMatchObject({
      REGISTRY_SNAPSHOT_FILE: '/data/registry/catalogue.json',
      ISSUER_URL: 'http://localhost:1',
    });
    const told = services(withPolicies, databaseUrl).map(({ env }) => env['CALL_POLICIES_FILE']);
    expect(new Set(told)).toEqual(new Set(['/policies.yaml']));
  });

  it('has one more of any service, with variables of its own', () => {
    const spec = oneMore(input, databaseUrl, 'blog', 'blog-next', { SERVICE_VERSION: '2.0.0', DRAIN_TIMEOUT_MS: '5' });
    expect(spec).toMatchObject({
      name: 'blog-next',
      service: 'blog',
      entry: expect.stringMatching(/apps\/blog\/dist/),
    });
    expect(spec.env).toEqual({
      ...find('blog-1'),
      INSTANCE_ID: 'blog-next',
      SERVICE_VERSION: '2.0.0',
      DRAIN_TIMEOUT_MS: '5',
    });
    expect(oneMore(input, databaseUrl, 'gateway', 'gateway-2').env['PORT']).toBe('0');
    expect(() => oneMore(input, databaseUrl, 'mailer', 'm')).toThrow(
      /^No service mailer\. There are: auth, user, blog/,
    );
  });

  it('hands a public port only to whom people talk to', () => {
    expect(started.flatMap(({ name, sockets }) => (sockets ? [[name, sockets]] : []))).toEqual([
      ['gateway', { http: gatewaySocket }],
    ]);
    expect(foundations(input)[2]?.env).toMatchObject({ JAEGER_PORT: '2', OTLP_PORT: '5' });
  });
});
