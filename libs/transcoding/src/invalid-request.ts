import { Code, type ProblemError, ServiceError, summary } from '@trellis/errors';

/** Nobody reads more errors, and the answer stays small whatever the request was. */
const LISTED = 50;
/** Characters of a place: the keys and names in it are the caller's. */
const LONGEST_PLACE = 256;

/** A request that does not fit its method's request message. It knows the wrong places in terms of the HTTP request. */
export class InvalidRequest extends ServiceError {
  readonly errors: readonly ProblemError[];

  constructor(errors: readonly ProblemError[]) {
    const short = errors.map(shorten);
    super(Code.INVALID_ARGUMENT, summary(short.map(describe)));
    this.errors = short.slice(0, LISTED);
  }
}

const shorten = ({ pointer, parameter, detail }: ProblemError): ProblemError => ({
  ...(pointer !== undefined && { pointer: cut(pointer) }),
  ...(parameter !== undefined && { parameter: cut(parameter) }),
  detail,
});

const cut = (place: string): string => (place.length > LONGEST_PLACE ? `${place.slice(0, LONGEST_PLACE - 1)}…` : place);

const describe = ({ pointer, parameter, detail }: ProblemError): string => {
  const place = parameter ?? (pointer === '#' ? 'The body' : pointer);
  return place === undefined ? detail : `${place} ${detail}`;
};
