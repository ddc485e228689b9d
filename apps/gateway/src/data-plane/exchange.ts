import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request and its answer, with what every step needs to know of it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly traceId: string;
  readonly httpMethod: string;
  /** Raw path of the request target, without the query. */
  readonly path: string;
  /** What follows the `?`, raw; empty when there is none. */
  readonly query: string;
  /** Epoch milliseconds. The answer is there by then, whatever it is. */
  readonly deadline: number;
  /** Aborted when the client went away before its answer was sent. */
  readonly gone: AbortSignal;
}

/** Every answer to the exchange carries its ids from here on. */
export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  traceId: string,
  deadline: number,
): Exchange {
  const requestId = randomUUID();
  response.setHeader('x-request-id', requestId);
  response.setHeader('x-trace-id', traceId);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const { path, query } = splitTarget(request.url ?? '/');
  return {
    request,
    response,
    requestId,
    traceId,
    httpMethod: request.method ?? 'GET',
    path,
    query,
    deadline,
    gone: gone.signal,
  };
}

/** Proxies may be sent the absolute form, and a server must take it (RFC 9112, section 3.2.2). */
function splitTarget(target: string): { path: string; query: string } {
  const origin = /^https?:\/\/[^/?#]*/i.exec(target)?.[0] ?? '';
  const rest = target.slice(origin.length);
  const mark = rest.indexOf('?');
  return mark < 0
    ? { path: rest || '/', query: '' }
    : { path: rest.slice(0, mark) || '/', query: rest.slice(mark + 1) };
}
