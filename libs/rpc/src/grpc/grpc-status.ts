import { Code, DETAILS_KEY, ServiceError, decodeStatus } from '@trellis/errors';
import type { Fields } from '../http2/hpack-decoder.js';

/** Whether these are trailers, or headers that are all there is of an answer. */
export const hasStatus = (fields: Fields): boolean => fields['grpc-status'] !== undefined;

/** The error that trailers tell of; undefined when they say OK. */
export function statusError(trailers: Fields): ServiceError | undefined {
  const status = trailers['grpc-status'];
  if (status === '0') return undefined;
  const details = trailers[DETAILS_KEY];
  return decodeStatus(
    Number(status),
    unescaped(trailers['grpc-message'] ?? ''),
    details === undefined ? undefined : Buffer.from(details, 'base64'),
  );
}

/** What an answer's headers say when it is not gRPC: a proxy in between, or another kind of server on the port. */
export function foreignAnswer(headers: Fields): ServiceError | undefined {
  const status = Number(headers[':status']);
  if (status === 200 && headers['content-type']?.startsWith('application/grpc')) return undefined;
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

/** A peer of another make may send percent signs that belong to no escape; its words are kept as they are then. */
function unescaped(message: string): string {
  if (!message.includes('%')) return message;
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
