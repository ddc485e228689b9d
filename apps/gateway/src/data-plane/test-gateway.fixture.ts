import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type Problem } from '@trellis/errors';
import { parseConfigFile } from '@trellis/config-file';
import { withFixedHosts } from '@trellis/discovery';
import { type CallPolicies, createRpc } from '@trellis/rpc';
import { createTokenVerifier } from '@trellis/security';
import { createLogger } from '@trellis/telemetry';
import { type GatewayFile, gatewayFile } from '../file/gateway-file.js';
import { type Parts, putInForce } from '../put-in-force.js';
import { ActiveRequests } from './active-requests.js';
import { createDataPlane } from './data-plane.js';
import { AUDIENCE, ISSUER, Issuer } from './issuer.fixture.js';
import { blogDirectory } from './instances.fixture.js';
import { Routing } from './routing/routing.js';
import type { OwnPage } from './targets/own-page.js';

export const MAX_BODY = 1_048_576;
/** How long anything may take where time is not the matter: the machine may be busy. */
const PATIENCE_MS = 15_000;
const PATIENT = { attemptTimeout: PATIENCE_MS, connectTimeout: PATIENCE_MS };

const fileOf = (text: string): GatewayFile => parseConfigFile(gatewayFile, text, 'gateway.yaml');

/** The data plane on a real socket, with a directory filled by hand and an issuer of its own. */
export class TestGateway {
  readonly directory = blogDirectory();
  readonly issuer = new Issuer();
  /** Lines logged at warn and above. */
  readonly log: string[] = [];
  /** What the access log tells of each request: an object in JSON. */
  readonly requests: string[] = [];
  /** Abort it, and the gateway is about to end. */
  readonly draining = new AbortController();
  #close: (() => Promise<void>) | undefined;
  #parts: Parts | undefined;
  url = '';
  port = 0;

  async start({
    requestTimeoutMs = PATIENCE_MS,
    policies = {} as CallPolicies,
    file = '',
    sampleRatio = 1,
    pages = [] as readonly OwnPage[],
  } = {}): Promise<this> {
    const directory = withFixedHosts(this.directory);
    await this.issuer.start();
    const logger = createLogger(
      { name: 'gateway', level: 'warn' },
      { write: (line: string) => void this.log.push(line) },
    );
    const callPolicies = { ...policies, defaults: { ...PATIENT, ...policies.defaults } };
    const rpc = createRpc({ directory, logger, policies: callPolicies });
    const verifier = createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, jwksUrl: this.issuer.jwksUrl });
    const builtIn = { timeout: requestTimeoutMs, maxBody: MAX_BODY };
    const accessLog = {
      enabled: true,
      write: (members: string) => void this.requests.push(`{${members}}`),
      close: async () => undefined,
    };
    const routing = new Routing({
      directory,
      rpc,
      verifier,
      logger,
      accessLog,
      builtIn,
      pages,
      file: fileOf(file),
      now: Date.now,
      random: Math.random,
    });
    const server: Server = createDataPlane(
      { routing, logger, accessLog, active: new ActiveRequests(), sampleRatio },
      this.draining.signal,
    );
    this.#parts = { routing, rpc, hosts: directory, callPolicies };
    this.putInForce(routing.file);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.port = (server.address() as AddressInfo).port;
    this.url = `http://127.0.0.1:${this.port}`;
    routing.start();
    this.#close = async () => {
      routing.stop();
      this.draining.abort();
      server.closeAllConnections();
      server.close();
      rpc.close();
      this.issuer.stop();
    };
    return this;
  }

  /** Another configuration, from the next request on. */
  use(file: string): void {
    this.putInForce(fileOf(file));
  }

  putInForce(file: GatewayFile): void {
    putInForce(file, this.parts);
  }

  get parts(): Parts {
    if (!this.#parts) throw new Error('not started');
    return this.#parts;
  }

  async stop(): Promise<void> {
    await this.#close?.();
  }

  /** The whole answer to bytes that no client library would send. Ends with the connection or with `until`. */
  async raw(text: string, until = '}'): Promise<string> {
    const socket = connect(this.port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) {
      answer += String(chunk);
      if (answer.includes(until)) break;
    }
    return answer;
  }

  /** With a good token unless `headers` say otherwise; an object is sent as JSON. */
  async fetch(
    path: string,
    options: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { method = 'GET', body, headers = {} } = options;
    const json = body !== undefined && typeof body !== 'string';
    return fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${await this.issuer.token()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: json ? JSON.stringify(body) : body }),
    });
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get('content-type') !== 'application/problem+json') {
    throw new Error(`no problem but ${response.status}: ${await response.text()}`);
  }
  return (await response.json()) as Problem;
}
