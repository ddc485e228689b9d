import { Code, type ProblemError, ServiceError, summary } from '@trellis/errors';

/** A request that does not fit its method's request message. It knows every wrong place in terms of the HTTP request. */
export class InvalidRequest extends ServiceError {
  readonly errors: readonly ProblemError[];

  constructor(errors: readonly ProblemError[]) {
    super(Code.INVALID_ARGUMENT, summary(errors.map(describe)));
    this.errors = errors;
  }
}

const describe = ({ pointer, parameter, detail }: ProblemError): string => {
  const place = parameter ?? (pointer === '#' ? 'The body' : pointer);
  return place === undefined ? detail : `${place} ${detail}`;
};
