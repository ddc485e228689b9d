import { pipeline } from 'node:stream/promises';
import { unavailable } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import { checkAnnouncedSize, hasBody, readBody } from './body.js';
import type { Exchange } from './exchange.js';
import { noteFallback } from './fallback-header.js';
import { requestHeaders, responseHeaders } from './forwarded-headers.js';
import { hashKeyOf } from './hash-key.js';

export interface HttpProxyOptions {
  readonly rpc: Rpc;
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

  constructor(options: HttpProxyOptions) {
    this.#options = options;
    this.#publicUrl = new URL(options.publicUrl);
  }

  /** Answers the exchange. Throws ServiceError as long as nothing was sent; later failures cut the answer short. */
  async forward(exchange: Exchange): Promise<void> {
    const { request, response, httpMethod, deadline, gone } = exchange;
    const { rpc, service, maxBody } = this.#options;
    checkAnnouncedSize(request, maxBody);
    const body = hasBody(request) ? await readBody(request, maxBody, deadline) : undefined;
    const hashKey = hashKeyOf(rpc.hashSource(service), request.headers);
    const answer = await rpc.http({
      service,
      method: httpMethod,
      path: exchange.query ? `${exchange.path}?${exchange.query}` : exchange.path,
      headers: requestHeaders(request.headers, this.#ours(exchange)),
      ...(body && { body }),
      ...(hashKey !== undefined && { hashKey }),
      deadline,
      signal: gone,
    });
    noteFallback(exchange, answer.fallback);
    for (const [name, value] of Object.entries(responseHeaders(answer.headers))) response.setHeader(name, value);
    response.writeHead(answer.status);
    try {
      await pipeline(answer.body, response);
    } catch (cause) {
      throw unavailable(`${service} broke off its answer`, { reason: 'CONNECTION_LOST', cause });
    }
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
    };
  }
}
