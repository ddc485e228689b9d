import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from './exchange.js';

/** Meant for one connection only (RFC 9110, section 7.6.1, and RFC 9112 for the body's framing). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a client may claim and only we know; and what node:http has answered itself (`expect`) or undici sets. */
const OURS =
  /^(?:forwarded|x-forwarded-.*|x-real-ip|x-request-id|x-correlation-id|x-trace-id|traceparent|tracestate|baggage|b3|x-b3-.*|uber-trace-id|expect|host|content-length)$/;

export type Headers = Record<string, string | string[]>;

/** A request's headers as the service behind may see them. */
export function requestHeaders({ request, requestId, correlationId, clientAddress, headerChanges }: Exchange): Headers {
  const { headers } = request;
  const seen: Headers = {
    ...endToEnd(headers, (name) => OURS.test(name.replaceAll('_', '-'))),
    'x-forwarded-for': clientAddress,
    'x-forwarded-host': headers.host ?? '',
    'x-forwarded-proto': 'http',
    'x-request-id': requestId,
    ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
  };
  if (headerChanges) {
    for (const name of headerChanges.remove) delete seen[name];
    Object.assign(seen, headerChanges.set);
  }
  return seen;
}

/** A service's headers as the client may see them, names and values in turn. The ids of the answer are ours to give. */
export function responseHeaders(fields: readonly string[]): string[] {
  const named = new Set<string>();
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] === 'connection') for (const name of namesIn(fields[i + 1])) named.add(name);
  }
  const passed: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const [name = '', value = ''] = [fields[i], fields[i + 1]];
    if (!HOP_BY_HOP.has(name) && !named.has(name) && !GIVEN_HERE.has(name)) passed.push(name, value);
  }
  return passed;
}

const GIVEN_HERE = new Set(['x-request-id', 'x-trace-id']);

const namesIn = (connection = ''): string[] => connection.split(',').map((name) => name.trim().toLowerCase());

function endToEnd(headers: IncomingHttpHeaders, dropped: (name: string) => boolean): Headers {
  const named = new Set(namesIn(headers.connection));
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !HOP_BY_HOP.has(entry[0]) && !named.has(entry[0]) && !dropped(entry[0]),
    ),
  );
}
