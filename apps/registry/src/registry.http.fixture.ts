import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { permissionDenied } from '@trellis/errors';
import type { Caller, TokenVerifier } from '@trellis/security';
import { createLogger } from '@trellis/telemetry';
import { EventStreams } from './http/event-streams.js';
import { CredentialsFile } from './credentials/credentials-file.js';
import { Registry } from './registry.js';
import { methodsOf, TestCredentials } from './registry.fixture.js';
import { registryHttp } from './registry.http.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface Asked {
  /** Sent as JSON unless it is a string. */
  readonly body?: unknown;
  readonly credential?: string;
  readonly headers?: Record<string, string>;
}

/** The registry's HTTP side on a free port, with a clock of its own. */
export class HttpRegistry {
  readonly credentials = new TestCredentials();
  readonly registry: Registry;
  readonly streams: EventStreams;
  now = 0;
  url = '';
  readonly #draining = new AbortController();
  readonly #server;

  /** `beat` in milliseconds, of watchers. */
  constructor({ verifier = OPERATORS, beat }: { verifier?: TokenVerifier; beat?: number } = {}) {
    const logger = createLogger({ name: 'registry', level: 'silent' });
    const file = new CredentialsFile(this.credentials.path, logger);
    this.registry = new Registry({ epoch: 'e1', logger, now: () => this.now });
    const methods = methodsOf(this.registry, file, logger);
    const draining = this.#draining.signal;
    this.streams = new EventStreams({ registry: this.registry, draining, ...(beat !== undefined && { beat }) });
    this.#server = registryHttp({ registry: this.registry, methods, verifier, streams: this.streams, logger });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  drain(): void {
    this.#draining.abort();
  }

  async close(): Promise<void> {
    this.#draining.abort();
    this.registry.stop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.credentials.remove();
  }

  /** Time passes, and the leases are looked through. */
  pass(milliseconds: number): void {
    for (const end = this.now + milliseconds; this.now < end;) {
      this.now = Math.min(end, this.now + 100);
      this.registry.tick();
    }
  }

  /** Sends bytes as they are, and answers with all that comes back. */
  async raw(bytes: string): Promise<string> {
    const socket = connect(Number(new URL(this.url).port), '127.0.0.1');
    socket.write(bytes);
    return text(socket);
  }

  async ask(method: string, path: string, { body, credential, headers = {} }: Asked = {}): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: json === '' ? {} : (JSON.parse(json) as object as Answer['body']),
    };
  }
}

/** Access tokens are what their names say. */
const OPERATORS: TokenVerifier = {
  verify: async (token): Promise<Caller> => {
    if (token !== 'operator' && token !== 'someone') throw permissionDenied('No such token');
    const scopes = new Set(token === 'operator' ? ['registry:admin'] : ['blog:read']);
    return { kind: 'client', subject: token, clientId: token, scopes, token, expiresAt: Infinity };
  },
};
