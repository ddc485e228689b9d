import { Code, ServiceError } from '@trellis/errors';

/** A refusal for which HTTP has a finer status than its code's. */
export class HttpRefusal extends ServiceError {
  readonly status: number;
  /** The methods that are allowed, with a 405. */
  readonly allow: string | undefined;

  constructor(status: number, error: ServiceError, allow?: string) {
    super(error.code, error.message, { reason: error.reason });
    this.status = status;
    this.allow = allow;
  }
}

const refused = (status: number, reason: string, message: string, code: Code = Code.INVALID_ARGUMENT): HttpRefusal =>
  new HttpRefusal(status, new ServiceError(code, message, { reason }));

export const methodNotAllowed = (method: string, allowed: readonly string[]): HttpRefusal =>
  new HttpRefusal(
    405,
    new ServiceError(Code.UNIMPLEMENTED, `${method} is not allowed here`, { reason: 'METHOD_NOT_ALLOWED' }),
    allowed.join(', '),
  );
export const bodyTooLarge = (limit: number): HttpRefusal =>
  refused(413, 'BODY_TOO_LARGE', `The body is larger than ${limit} bytes`);
export const bodyTooSlow = (): HttpRefusal =>
  refused(408, 'BODY_TOO_SLOW', 'The body did not arrive in time', Code.DEADLINE_EXCEEDED);
export const notJson = (): HttpRefusal =>
  refused(
    415,
    'UNSUPPORTED_CONTENT',
    'The body must have the content type application/json and be neither compressed nor in another charset than UTF-8',
  );
