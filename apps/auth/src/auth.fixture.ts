import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ServiceError, unauthenticated } from '@trellis/errors';
import { testPostgres } from '@trellis/postgres';
import type { Rpc } from '@trellis/rpc';
import { type TokenVerifier, createTokenVerifier } from '@trellis/security';
import { HealthChecks, LOGGER, RPC } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { Provider } from 'oidc-provider';
import { AuthModule } from './auth.module.js';
import { readClients } from './clients.js';
import type { AuthConfig } from './config.js';
import { httpServer } from './http-server.js';

export const AUDIENCE = 'urn:trellis:api';
export const DEV = { id: 'trellis-dev', secret: 'a-secret-of-the-tests' };
/** Of the first party too, and no operator. */
export const JOB = { id: 'job', secret: 'another-secret-of-the-tests' };
export const ANNA = { id: '01990000-0000-7000-8000-000000000001', username: 'anna', password: 'correct horse' };

const CLIENTS = [
  {
    client_id: DEV.id,
    client_secret: DEV.secret,
    grant_types: ['client_credentials'],
    first_party: true,
    operator: true,
  },
  { client_id: JOB.id, client_secret: JOB.secret, grant_types: ['client_credentials'], first_party: true },
  {
    client_id: 'trellis-cli',
    client_name: 'Trellis command line',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ['http://127.0.0.1/callback'],
    first_party: true,
  },
  {
    client_id: 'stranger',
    client_name: 'A <stranger>',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://stranger.example/callback'],
  },
];

export interface TestAuth {
  readonly issuer: string;
  readonly verifier: TokenVerifier;
  /** Set to make the user service fail. */
  userServiceFailure: ServiceError | undefined;
  /** Ends PostgreSQL for good. */
  endDatabase(): Promise<void>;
  /** Ends all instances and starts as many new ones on the same database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Instances of auth on one new database, behind one address that sends each request to the next one. */
export async function testAuth(instances = 1): Promise<TestAuth> {
  const postgres = await testPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'trellis-auth-'));
  const clientsFile = join(folder, 'clients.json');
  await writeFile(clientsFile, JSON.stringify(CLIENTS));
  let handlers: RequestListener[] = [];
  let next = 0;
  const server = createServer((request, response) => {
    const handle = handlers[next++ % handlers.length];
    handle?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = {
    ISSUER_URL: issuer,
    TOKEN_AUDIENCE: AUDIENCE,
    DATABASE_URL: postgres.url('auth'),
    AUTH_CLIENTS_FILE: readClients(clientsFile),
  };
  const verifier = createTokenVerifier({ issuer, audience: AUDIENCE, jwksUrl: `${issuer}/oauth2/jwks` });
  const auth: TestAuth = { issuer, verifier, userServiceFailure: undefined, endDatabase: postgres.stop, restart, stop };
  let apps: INestApplicationContext[] = [];

  async function start(): Promise<void> {
    const starting = Array.from({ length: instances }, () =>
      startInstance(config as AuthConfig, fakeUserService(auth)),
    );
    apps = await Promise.all(starting);
    handlers = apps.map((app) => httpServer(app.get(Provider)).listeners('request')[0] as RequestListener);
  }
  async function restart(): Promise<void> {
    await Promise.all(apps.map((app) => app.close()));
    await start();
  }
  async function stop(): Promise<void> {
    await Promise.all(apps.map((app) => app.close()));
    server.closeAllConnections();
    server.close();
    await postgres.stop();
    await rm(folder, { recursive: true });
  }
  await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return auth;
}

class TestPlatform {}
class TestRoot {}

async function startInstance(config: AuthConfig, rpc: Rpc): Promise<INestApplicationContext> {
  const logger = createLogger({ name: 'auth', level: 'silent' });
  const providers = [
    { provide: RPC, useValue: rpc },
    { provide: LOGGER, useValue: logger },
    { provide: HealthChecks, useValue: new HealthChecks() },
  ];
  const platform = { module: TestPlatform, global: true, providers, exports: [RPC, LOGGER, HealthChecks] };
  const root: DynamicModule = { module: TestRoot, imports: [platform, AuthModule.with(config)] };
  return await NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
}

/** Checks the caller's token as the real one does, and knows Anna. */
function fakeUserService(auth: TestAuth): Rpc {
  const verifyPassword = async (
    { username, password }: { username: string; password: string },
    { token }: { token: string },
  ) => {
    if (auth.userServiceFailure) throw auth.userServiceFailure;
    const caller = await auth.verifier.verify(token);
    if (caller.service !== 'auth') throw new Error(`Called by ${caller.kind} ${caller.subject}`);
    if (username !== ANNA.username || password !== ANNA.password) throw unauthenticated('Wrong username or password');
    return { user: { id: ANNA.id } };
  };
  return { client: () => ({ verifyPassword }) } as unknown as Rpc;
}
