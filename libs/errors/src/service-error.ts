import { Code, codeName } from './code.js';

/** One thing that is wrong with a request. */
export interface Violation {
  /** Path of the field as the contract spells it: `post.title`, `tags[2]`; empty for the request as a whole. */
  readonly field: string;
  /** What is wrong and how to mend it, for the caller to read. */
  readonly description: string;
}

export interface ErrorDetails {
  /** Stable and for programs, in UPPER_SNAKE_CASE: `USERNAME_TAKEN`. */
  readonly reason?: string;
  readonly violations?: readonly Violation[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
  /** Facts about the error for programs, such as the scope that is missing. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What went wrong underneath. Logged, never sent. */
  readonly cause?: unknown;
}

/** The only error that crosses a process boundary. Its message is written for the caller: no secrets, no internals. */
export class ServiceError extends Error {
  readonly code: Code;
  readonly reason: string | undefined;
  readonly violations: readonly Violation[];
  readonly retryAfter: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(code: Code, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = `ServiceError ${codeName(code)}`;
    this.code = code;
    this.reason = details.reason;
    this.violations = details.violations ?? [];
    this.retryAfter = details.retryAfter;
    this.metadata = details.metadata ?? {};
  }

  /** Anything that is no ServiceError is INTERNAL; what it said stays in `cause`. */
  static from(error: unknown): ServiceError {
    return error instanceof ServiceError
      ? error
      : new ServiceError(Code.INTERNAL, 'The service failed. The log has the reason under the trace id.', {
          cause: error,
        });
  }
}

/** How many complaints a message tells; the list beside it has them all. */
const TOLD = 3;

/** The message for a list of complaints: the first ones, and how many more there are. */
export function summary(complaints: readonly string[]): string {
  const more = complaints.length - TOLD;
  return [...complaints.slice(0, TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

type Details = ErrorDetails;

export const invalidArgument = (violations: readonly Violation[], details: Details = {}): ServiceError =>
  new ServiceError(Code.INVALID_ARGUMENT, summary(violations.map(describe)) || 'The request is not valid', {
    ...details,
    violations,
  });
export const notFound = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.NOT_FOUND, message, details);
export const alreadyExists = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.ALREADY_EXISTS, message, details);
export const permissionDenied = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.PERMISSION_DENIED, message, details);
export const unauthenticated = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.UNAUTHENTICATED, message, details);
export const resourceExhausted = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.RESOURCE_EXHAUSTED, message, details);
export const aborted = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.ABORTED, message, details);
export const unavailable = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.UNAVAILABLE, message, { retryAfter: 1, ...details });
export const deadlineExceeded = (message: string, details?: Details): ServiceError =>
  new ServiceError(Code.DEADLINE_EXCEEDED, message, details);

const describe = ({ field, description }: Violation): string => (field ? `${field}: ${description}` : description);
