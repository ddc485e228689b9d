import { pipeline } from 'node:stream/promises';
import { type Picker, type Strategy, roundRobin } from '@trellis/balancing';
import type { Directory, Instance } from '@trellis/discovery';
import { type ServiceError, deadlineExceeded, unavailable } from '@trellis/errors';
import { traceHeaders } from '@trellis/telemetry';
import { Agent, errors } from 'undici';
import { checkAnnouncedSize, hasBody, readBody } from './body.js';
import type { Exchange } from './exchange.js';
import { requestHeaders, responseHeaders } from './forwarded-headers.js';

/** A service on the same network answers the handshake at once or not at all. */
const CONNECT_TIMEOUT_MS = 1_000;
/** To one instance. More requests wait for their turn, within their deadline. */
const MAX_CONNECTIONS = 64;

export interface HttpProxyOptions {
  readonly directory: Directory;
  /** Name of the service whose HTTP instances answer. */
  readonly service: string;
  /** Public address, such as https://api.example.com. */
  readonly publicUrl: string;
  /** Bytes. */
  readonly maxBody: number;
}

/** Passes requests on to the HTTP instances of one service as they are: method, path, query, body, status, redirects. */
export class HttpProxy {
  readonly #options: HttpProxyOptions;
  readonly #publicUrl: URL;
  readonly #agent = new Agent({ connections: MAX_CONNECTIONS, connect: { timeout: CONNECT_TIMEOUT_MS } });
  readonly #strategy: Strategy = roundRobin();
  #known: readonly Instance[] = [];
  #picker: Picker<Instance> = this.#strategy.picker([]);

  constructor(options: HttpProxyOptions) {
    this.#options = options;
    this.#publicUrl = new URL(options.publicUrl);
  }

  /** Answers the exchange. Throws ServiceError as long as nothing was sent; later failures cut the answer short. */
  async forward(exchange: Exchange): Promise<void> {
    const { request, response, httpMethod, deadline, gone } = exchange;
    checkAnnouncedSize(request, this.#options.maxBody);
    const body = hasBody(request) ? await readBody(request, this.#options.maxBody, deadline) : null;
    const instance = this.#pick();
    const late = AbortSignal.timeout(Math.max(0, deadline - Date.now()));
    try {
      const answer = await this.#agent.request({
        origin: `http://${instance.address}`,
        path: exchange.query ? `${exchange.path}?${exchange.query}` : exchange.path,
        method: httpMethod,
        headers: requestHeaders(request.headers, this.#ours(exchange)),
        body,
        signal: AbortSignal.any([gone, late]),
      });
      for (const [name, value] of Object.entries(responseHeaders(answer.headers))) response.setHeader(name, value);
      response.writeHead(answer.statusCode);
      await pipeline(answer.body, response);
    } catch (error) {
      throw refusal(error, late.aborted, this.#options.service);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #pick(): Instance {
    const { directory, service } = this.#options;
    const known = directory.instances(service);
    if (known !== this.#known) {
      this.#known = known;
      this.#picker = this.#strategy.picker(known.filter(({ protocol }) => protocol === 'http'));
    }
    const instance = this.#picker.pick([]);
    if (!instance) throw unavailable(`No instance of ${service} takes requests`, { reason: 'NO_INSTANCE' });
    return instance;
  }

  /**
   * Under the public host the public scheme holds: TLS may end before us. Under any other host the connection is what it
   * looks like.
   */
  #ours({ request, requestId }: Exchange): Record<string, string> {
    const host = request.headers.host ?? this.#publicUrl.host;
    const proto = host === this.#publicUrl.host ? this.#publicUrl.protocol.slice(0, -1) : 'http';
    return {
      'x-forwarded-for': request.socket.remoteAddress ?? '',
      'x-forwarded-host': host,
      'x-forwarded-proto': proto,
      'x-request-id': requestId,
      ...traceHeaders(),
    };
  }
}

function refusal(cause: unknown, late: boolean, service: string): ServiceError {
  if (late || cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError) {
    return deadlineExceeded(`${service} did not answer in time`, { cause });
  }
  return unavailable(`${service} cannot be reached`, { reason: 'CONNECT_FAILED', cause });
}
