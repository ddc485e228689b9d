import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCode } from './error-code.js';
import { otlpReceiver } from './otlp-receiver.js';
import { queryServer } from './query-server.js';
import { TraceStore } from './trace-store.js';

export interface DevJaegerOptions {
  /** Query API and page. 0, the default, takes a free port. */
  readonly jaegerPort?: number;
  /** OTLP over HTTP. 0, the default, takes a free port. */
  readonly otlpPort?: number;
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
}

export interface DevJaeger {
  /** Such as http://127.0.0.1:16686 */
  readonly jaegerUrl: string;
  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` wants, such as http://127.0.0.1:4318 */
  readonly otlpUrl: string;
  stop(): Promise<void>;
}

/** The address could not be taken. */
export class PortTaken extends Error {
  constructor(
    readonly port: number,
    readonly option: 'jaegerPort' | 'otlpPort',
    cause: unknown,
  ) {
    super(`Port ${port} is in use`, { cause });
  }
}

/** A request that takes longer is not one of ours. */
const REQUEST_WITHIN_MS = 30_000;
const MAX_CONNECTIONS = 512;

/** Starts an empty store with its two servers. Throws `PortTaken`. */
export async function startDevJaeger(options: DevJaegerOptions = {}): Promise<DevJaeger> {
  const host = options.host ?? '127.0.0.1';
  const store = new TraceStore();
  const otlp = await listen(otlpReceiver(store), host, options.otlpPort ?? 0, 'otlpPort');
  const otlpUrl = urlOf(otlp, host);
  try {
    const listener = queryServer({ store, now: Date.now, otlpUrl });
    const query = await listen(listener, host, options.jaegerPort ?? 0, 'jaegerPort');
    return {
      jaegerUrl: urlOf(query, host),
      otlpUrl,
      stop: async () => {
        await Promise.all([close(query), close(otlp)]);
      },
    };
  } catch (error) {
    await close(otlp);
    throw error;
  }
}

async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  option: 'jaegerPort' | 'otlpPort',
): Promise<Server> {
  const server = createServer({ requestTimeout: REQUEST_WITHIN_MS, headersTimeout: REQUEST_WITHIN_MS }, listener);
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw errorCode(error) === 'EADDRINUSE' ? new PortTaken(port, option, error) : error;
  }
  return server;
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
