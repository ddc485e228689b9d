import type { IncomingHttpHeaders } from 'node:http';

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
  /^(?:forwarded|x-forwarded-.*|x-real-ip|x-request-id|x-trace-id|traceparent|tracestate|baggage|expect|host|content-length)$/;

export type Headers = Record<string, string | string[]>;

/** A request's headers as the service behind may see them, with `ours` put in. */
export function requestHeaders(headers: IncomingHttpHeaders, ours: Headers): Headers {
  return { ...endToEnd(headers, (name) => OURS.test(name)), ...ours };
}

/** A service's headers as the client may see them. The ids of the answer are ours to give. */
export function responseHeaders(headers: IncomingHttpHeaders): Headers {
  return endToEnd(headers, (name) => name === 'x-request-id' || name === 'x-trace-id');
}

function endToEnd(headers: IncomingHttpHeaders, dropped: (name: string) => boolean): Headers {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !HOP_BY_HOP.has(entry[0]) && !named.has(entry[0]) && !dropped(entry[0]),
    ),
  );
}
