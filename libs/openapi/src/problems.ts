import type { JsonValue } from '@bufbuild/protobuf';
import {
  Code,
  PROBLEM_CONTENT_TYPE,
  type Problem,
  ServiceError,
  codeName,
  httpStatus,
  phrase,
  toProblem,
} from '@trellis/errors';
import { EXAMPLE_IDS, ID_HEADERS, headersNamed } from './answer-headers.js';
import type { Reference, Response, Schema } from './document.js';
import { paragraphs } from './words.js';

const PROBLEM: Reference = { $ref: '#/components/schemas/Problem' };

/** RFC 9457, with the members that `toProblem` adds. */
export const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  description: 'What went wrong, by RFC 9457.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: '`about:blank`: `title` and `status` say it.' },
    title: { type: 'string', description: 'What HTTP calls the status.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What went wrong this time, for people to read.' },
    instance: { type: 'string', format: 'uri-reference', description: 'Path of the request.' },
    code: {
      type: 'string',
      enum: Object.keys(Code),
      description: paragraphs(
        'The canonical code, which says more than `status`:',
        Object.values(Code)
          .map((each) => `- \`${codeName(each)}\`: ${httpStatus(each)} ${phrase(httpStatus(each))}`)
          .join('\n'),
      ),
    },
    reason: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', description: 'Stable and for programs.' },
    errors: {
      type: 'array',
      description: 'Each wrong part of the request.',
      items: {
        type: 'object',
        properties: {
          pointer: { type: 'string', description: 'A place in the body: a JSON Pointer as a URI fragment (RFC 6901).' },
          parameter: { type: 'string', description: 'Name of a parameter of the path or the query.' },
          detail: { type: 'string' },
        },
        required: ['detail'],
      },
    },
    metadata: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Facts for programs, such as the scope that is missing.',
    },
    requestId: { type: 'string', description: 'The same as in the header `x-request-id`.' },
    traceId: { type: 'string', description: 'The trace in which to look.' },
  },
  required: ['type', 'title', 'status', 'detail', 'code'],
};

/** A status that a route may answer with. */
interface ProblemKind {
  readonly name: string;
  readonly status: number;
  readonly description: string;
  readonly headers: readonly string[];
  readonly error: ServiceError;
  /** Wrong places, where only HTTP knows them. */
  readonly errors?: Problem['errors'];
}

const kind = (
  name: string,
  error: ServiceError,
  description: string,
  { status = httpStatus(error.code), headers = [] as readonly string[], errors = undefined as Problem['errors'] } = {},
): ProblemKind => ({ name, status, description, headers, error, ...(errors && { errors }) });

const problem = (code: Code, message: string, reason?: string, metadata: Readonly<Record<string, string>> = {}) =>
  new ServiceError(code, message, { ...(reason !== undefined && { reason }), metadata });

/** The problems that a route may answer with, each with an example. */
const KINDS = {
  invalid: kind(
    'InvalidRequest',
    problem(Code.INVALID_ARGUMENT, '#/title must be a text'),
    'Something in the request is wrong; `errors` names each place.',
    { errors: [{ pointer: '#/title', detail: 'must be a text' }] },
  ),
  unauthenticated: kind(
    'Unauthenticated',
    problem(Code.UNAUTHENTICATED, 'This needs an access token', 'TOKEN_MISSING'),
    'No access token, or none that is valid.',
    { headers: ['WWW-Authenticate'] },
  ),
  forbidden: kind(
    'Forbidden',
    problem(Code.PERMISSION_DENIED, 'The access token lacks the scope blog:write', 'SCOPE_MISSING', {
      scope: 'blog:write',
    }),
    'The token lacks a scope, or its holder may not do this.',
    { headers: ['WWW-Authenticate'] },
  ),
  notFound: kind(
    'NotFound',
    problem(Code.NOT_FOUND, 'No post 42', 'POST_NOT_FOUND'),
    'What the request names is not there.',
  ),
  tooSlow: kind(
    'BodyTooSlow',
    problem(Code.INVALID_ARGUMENT, 'The body did not arrive in time', 'BODY_TOO_SLOW'),
    'The body did not arrive in time.',
    { status: 408 },
  ),
  conflict: kind(
    'Conflict',
    problem(Code.ABORTED, 'The post has changed since it was read', 'ETAG_STALE'),
    'What is there stands against it: it exists already (ALREADY_EXISTS), or somebody else was faster (ABORTED).',
  ),
  tooLarge: kind(
    'BodyTooLarge',
    problem(Code.INVALID_ARGUMENT, 'The body may have at most 1048576 bytes', 'BODY_TOO_LARGE'),
    'The body is larger than it may be.',
    { status: 413 },
  ),
  unsupported: kind(
    'UnsupportedContent',
    problem(Code.INVALID_ARGUMENT, 'The body must be application/json', 'UNSUPPORTED_CONTENT'),
    'The body is not of the type that is taken.',
    { status: 415 },
  ),
  tooMany: kind(
    'TooManyRequests',
    problem(Code.RESOURCE_EXHAUSTED, 'The limit per caller is used up', 'RATE_LIMITED', { limit: 'caller' }),
    'A limit is reached, of the caller or of the service. `Retry-After` says when to try again.',
    { headers: ['Retry-After'] },
  ),
  failed: kind(
    'Failed',
    ServiceError.from(undefined),
    'The service failed. Its log has the reason under the trace id.',
  ),
  unavailable: kind(
    'Unavailable',
    problem(Code.UNAVAILABLE, 'No instance of blog takes this call', 'NO_INSTANCE', { service: 'blog' }),
    'The service is not there, or not well. `Retry-After` says when to try again.',
    { headers: ['Retry-After'] },
  ),
  tooLate: kind(
    'TooLate',
    problem(Code.DEADLINE_EXCEEDED, 'The service did not answer in time'),
    'The service did not answer in time. Whether it did what was asked is not known.',
  ),
} as const satisfies Record<string, ProblemKind>;

export type ProblemName = keyof typeof KINDS;

/** References to the answers of these kinds, by their status, with `default` for all others. */
export function problemResponses(names: readonly ProblemName[]): Record<string, Reference> {
  const refer = (name: string): Reference => ({ $ref: `#/components/responses/${name}` });
  const byStatus = names.map((name) => [String(KINDS[name].status), refer(KINDS[name].name)] as const);
  return { ...Object.fromEntries(byStatus), default: refer('Problem') };
}

/** All of them, for `components.responses`. */
export function problemComponents(): Record<string, Response> {
  const kinds = Object.values<ProblemKind>(KINDS).map(({ name, description, headers: own, error, status, errors }) => {
    const shown = toProblem(error, { instance: '/v1/posts', ...EXAMPLE_IDS, status });
    const example = { ...shown, ...(errors && { errors }) } as unknown as JsonValue;
    const content = { [PROBLEM_CONTENT_TYPE]: { schema: PROBLEM, example } };
    return [name, { description, headers: { ...ID_HEADERS, ...headersNamed(...own) }, content }] as const;
  });
  const other: Response = {
    description: 'Any other problem.',
    headers: ID_HEADERS,
    content: { [PROBLEM_CONTENT_TYPE]: { schema: PROBLEM } },
  };
  return { ...Object.fromEntries(kinds), Problem: other };
}

/** What holds for the errors of all operations, for the description of the document. */
export const ERRORS = paragraphs(
  '## Errors',
  'Every error is `application/problem+json` (RFC 9457): `code` says what kind it is, `reason` what it was in particular, ' +
    '`errors` names each wrong place of the request.',
);
