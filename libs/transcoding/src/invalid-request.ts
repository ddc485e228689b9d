import { Code, type ProblemError, ServiceError } from '@trellis/errors';

/** How many of the errors the message tells; the list has them all. */
const TOLD = 3;

/** A request that does not fit its method's request message. It knows every wrong place in terms of the HTTP request. */
export class InvalidRequest extends ServiceError {
  readonly errors: readonly ProblemError[];

  constructor(errors: readonly ProblemError[]) {
    const told = errors.slice(0, TOLD).map(describe);
    const more = errors.length > TOLD ? [`and ${errors.length - TOLD} more`] : [];
    super(Code.INVALID_ARGUMENT, [...told, ...more].join('; '));
    this.errors = errors;
  }
}

const describe = ({ pointer, parameter, detail }: ProblemError): string => {
  const place = parameter ?? (pointer === '#' ? 'The body' : pointer);
  return place === undefined ? detail : `${place} ${detail}`;
};
