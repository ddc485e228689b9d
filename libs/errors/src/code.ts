/** The canonical gRPC status codes, with the numbers that go over the wire. https://grpc.io/docs/guides/status-codes/ */
export const Code = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type CodeName = keyof typeof Code;
export type Code = (typeof Code)[CodeName];

/**
 * The one table: how each code looks over HTTP. The statuses are those of `google/rpc/code.proto`; 499 is nginx's "client
 * closed request", which has no registered number.
 */
const TABLE: Record<CodeName, { readonly http: number; readonly title: string }> = {
  CANCELLED: { http: 499, title: 'Request cancelled' },
  UNKNOWN: { http: 500, title: 'Unknown error' },
  INVALID_ARGUMENT: { http: 400, title: 'Invalid request' },
  DEADLINE_EXCEEDED: { http: 504, title: 'Deadline exceeded' },
  NOT_FOUND: { http: 404, title: 'Not found' },
  ALREADY_EXISTS: { http: 409, title: 'Already exists' },
  PERMISSION_DENIED: { http: 403, title: 'Permission denied' },
  RESOURCE_EXHAUSTED: { http: 429, title: 'Too many requests' },
  FAILED_PRECONDITION: { http: 400, title: 'Failed precondition' },
  ABORTED: { http: 409, title: 'Conflict' },
  OUT_OF_RANGE: { http: 400, title: 'Out of range' },
  UNIMPLEMENTED: { http: 501, title: 'Not implemented' },
  INTERNAL: { http: 500, title: 'Internal error' },
  UNAVAILABLE: { http: 503, title: 'Service unavailable' },
  DATA_LOSS: { http: 500, title: 'Data loss' },
  UNAUTHENTICATED: { http: 401, title: 'Authentication required' },
};

const NAMES = new Map<number, CodeName>(Object.entries(Code).map(([name, code]) => [code, name as CodeName]));

/** Name of a code; UNKNOWN for a number that is none, as gRPC prescribes. */
export const codeName = (code: number): CodeName => NAMES.get(code) ?? 'UNKNOWN';

/** HTTP status of a code. */
export const httpStatus = (code: Code): number => TABLE[codeName(code)].http;

/** A short text for people, the same for every error of the code. */
export const title = (code: Code): string => TABLE[codeName(code)].title;
