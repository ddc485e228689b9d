import { codeName, httpStatus, phrase } from './code.js';
import type { ServiceError } from './service-error.js';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** One wrong part of a request: a place in the body, or a named path or query parameter. */
export interface ProblemError {
  /** JSON Pointer as a URI fragment (RFC 6901, section 6): `#/title`. */
  readonly pointer?: string;
  /** Name of a path or query parameter. */
  readonly parameter?: string;
  readonly detail: string;
}

/** RFC 9457 problem details. `code` to `metadata` and the ids are our extension members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  /** Name of the gRPC code. */
  readonly code: string;
  readonly reason?: string;
  readonly errors?: readonly ProblemError[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly requestId?: string;
  readonly traceId?: string;
}

export interface ProblemContext {
  /** Path of the request, without its query. */
  readonly instance?: string;
  readonly requestId?: string;
  readonly traceId?: string;
  /** Overrides the code's status where HTTP knows a finer one: 405, 413, 415, 431. */
  readonly status?: number;
  /** Says where in the HTTP request the violated field came from. */
  readonly locate?: (field: string) => Omit<ProblemError, 'detail'>;
}

/** The body of an error answer. `cause` and the stack stay behind. */
export function toProblem(error: ServiceError, context: ProblemContext = {}): Problem {
  const locate = context.locate ?? ((field) => ({ pointer: jsonPointer(field) }));
  const errors = error.violations.map(({ field, description }) => ({ ...locate(field), detail: description }));
  const status = context.status ?? httpStatus(error.code);
  return {
    type: 'about:blank',
    title: phrase(status),
    status,
    detail: error.message,
    ...(context.instance !== undefined && { instance: context.instance }),
    code: codeName(error.code),
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(errors.length > 0 && { errors }),
    ...(Object.keys(error.metadata).length > 0 && { metadata: error.metadata }),
    ...(context.requestId !== undefined && { requestId: context.requestId }),
    ...(context.traceId !== undefined && { traceId: context.traceId }),
  };
}

/** `post.tags[2]` → `#/post/tags/2`. Field names need no escaping: they are identifiers. */
export function jsonPointer(field: string): string {
  const segments = field.split(/[.[\]]+/).filter((segment) => segment !== '');
  return ['#', ...segments.map((segment) => segment.replace(/^"(.*)"$/, '$1'))].join('/');
}
