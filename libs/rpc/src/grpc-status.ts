import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';
import { Code, DETAILS_KEY, ServiceError, decodeStatus } from '@trellis/errors';

/** The headers or trailers that hold the status are the last thing of an answer; undefined when they say OK. */
export function statusError(trailers: IncomingHttpHeaders): ServiceError | undefined {
  const status = trailers['grpc-status'];
  if (status === '0') return undefined;
  const details = first(trailers[DETAILS_KEY]);
  return decodeStatus(
    Number(status),
    unescaped(first(trailers['grpc-message']) ?? ''),
    details === undefined ? undefined : Buffer.from(details, 'base64'),
  );
}

export const hasStatus = (headers: IncomingHttpHeaders): boolean => headers['grpc-status'] !== undefined;

/** What an answer's headers say when it is not gRPC: a proxy in between, or another kind of server on the port. */
export function foreignAnswer(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): ServiceError | undefined {
  const { ':status': status = 0 } = headers;
  if (status === 200 && first(headers['content-type'])?.startsWith('application/grpc')) return undefined;
  return new ServiceError(CODES[status] ?? Code.UNKNOWN, `The service answered with HTTP ${status} and not with gRPC`, {
    reason: 'NOT_GRPC',
  });
}

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md; all others are UNKNOWN. */
const CODES: Readonly<Record<number, Code>> = {
  400: Code.INTERNAL,
  401: Code.UNAUTHENTICATED,
  403: Code.PERMISSION_DENIED,
  404: Code.UNIMPLEMENTED,
  429: Code.UNAVAILABLE,
  502: Code.UNAVAILABLE,
  503: Code.UNAVAILABLE,
  504: Code.UNAVAILABLE,
};

/** A peer of another make may send percent signs that are none of an escape; its words are kept as they are then. */
function unescaped(message: string): string {
  if (!message.includes('%')) return message;
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
