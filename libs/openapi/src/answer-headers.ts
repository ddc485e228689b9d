import type { Header, Reference } from './document.js';

/** Ids as they look, the same in all examples. */
export const EXAMPLE_IDS = {
  requestId: '0f4c2d1e-6a57-4d8b-9c55-8e0a3f7b2c19',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
} as const;

/** Headers of answers, for `components.headers`. */
export const HEADERS: Readonly<Record<string, Header>> = {
  'x-request-id': {
    description: 'Names the request, in logs as well.',
    schema: { type: 'string' },
    example: EXAMPLE_IDS.requestId,
  },
  'x-trace-id': {
    description: 'Names the trace of the request.',
    schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    example: EXAMPLE_IDS.traceId,
  },
  RateLimit: {
    description:
      'What is left of each limit: `r` requests now, and one more in `t` seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string' },
    example: '"caller";r=99;t=1',
  },
  'RateLimit-Policy': {
    description: 'The limits: `q` requests in `w` seconds.',
    schema: { type: 'string' },
    example: '"caller";q=100;w=60',
  },
  'Retry-After': {
    description: 'Seconds after which to try again.',
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  },
  'WWW-Authenticate': {
    description: 'What kind of token is needed, and what is wrong with the one that came (RFC 6750).',
    schema: { type: 'string' },
    example: 'Bearer realm="trellis", error="insufficient_scope", scope="blog:write"',
  },
};

/** References to headers of `components`, for an answer. */
export const headersNamed = (...names: readonly string[]): Readonly<Record<string, Reference>> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** What every answer has. */
export const ID_HEADERS = headersNamed('x-request-id', 'x-trace-id');
/** What an answer has where requests are counted. */
export const RATE_HEADERS = headersNamed('RateLimit', 'RateLimit-Policy');
