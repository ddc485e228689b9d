import { Code, ServiceError } from '@trellis/errors';

/** What only HTTP knows: a refusal with a status that no gRPC code maps to. */
export class HttpRefusal extends ServiceError {
  constructor(
    readonly status: number,
    message: string,
    reason: string,
    readonly headers: Readonly<Record<string, string>> = {},
    code: Code = Code.INVALID_ARGUMENT,
  ) {
    super(code, message, { reason });
  }
}

export const methodNotAllowed = (allowed: readonly string[]): HttpRefusal =>
  new HttpRefusal(
    405,
    allowed.length > 0 ? `This path takes ${allowed.join(', ')}` : 'No path takes this method',
    'METHOD_NOT_ALLOWED',
    { allow: allowed.join(', ') },
    Code.UNIMPLEMENTED,
  );

export const bodyTooLarge = (limit: number): HttpRefusal =>
  new HttpRefusal(413, `The body may have at most ${limit} bytes`, 'BODY_TOO_LARGE');

export const bodyTooSlow = (): HttpRefusal => new HttpRefusal(408, 'The body did not arrive in time', 'BODY_TOO_SLOW');

export const unsupportedContent = (message: string): HttpRefusal =>
  new HttpRefusal(415, message, 'UNSUPPORTED_CONTENT', { accept: 'application/json' });

export const invalidHost = (): HttpRefusal =>
  new HttpRefusal(400, 'The request must have exactly one valid Host header', 'INVALID_HOST');

export const invalidPath = (): HttpRefusal =>
  new HttpRefusal(400, 'The path has dot segments, broken escapes or characters that no path has', 'INVALID_PATH');

export const headersTooMany = (limit: number): HttpRefusal =>
  new HttpRefusal(431, `A request may have at most ${limit} headers`, 'HEADERS_TOO_MANY');
