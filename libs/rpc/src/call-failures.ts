import { Code, ServiceError, deadlineExceeded, resourceExhausted, unavailable } from '@trellis/errors';
import { cancelled, outOfTime } from './terms.js';
import { AttemptFailure } from './transport.js';

/** How a call can fail without an error that the service gave. Messages are for callers: they name no address. */

export const unreachable = (cause?: unknown) =>
  new AttemptFailure('unsent', unavailable('The service cannot be reached', { reason: 'CONNECT_FAILED', cause }));

export const slowToConnect = (cause?: unknown) =>
  new AttemptFailure(
    'unsent',
    unavailable('The service did not take the connection in time', { reason: 'CONNECT_TIMEOUT', cause }),
  );

/** The peer neither begins its answer nor goes on with it. */
export const slowToAnswer = () =>
  new AttemptFailure('unknown', deadlineExceeded('The service is silent for too long', { reason: 'READ_TIMEOUT' }));

/** The peer does not take the rest of the request. */
export const slowToRead = () =>
  new AttemptFailure('unknown', deadlineExceeded('The service does not take the request', { reason: 'WRITE_TIMEOUT' }));

/** Connected, but the peer takes no more at once: another instance may. */
export const crowdedOut = () =>
  new AttemptFailure(
    'unsent',
    resourceExhausted('The service takes no more calls at once', { reason: 'TOO_MANY_CALLS' }),
  );

/** The peer said, in HTTP/2's own words, that it never looked at the call. */
export const refused = (cause?: unknown) =>
  new AttemptFailure('unsent', unavailable('The service did not take the call', { reason: 'CALL_REFUSED', cause }));

/** The peer ended the call because it has too much to do; it may have begun. */
export const calmed = (cause?: unknown) =>
  new AttemptFailure('unknown', resourceExhausted('The service is overloaded', { reason: 'PEER_OVERLOADED', cause }));

export const lost = (cause?: unknown) =>
  new AttemptFailure(
    'unknown',
    unavailable('The connection to the service was lost', { reason: 'CONNECTION_LOST', cause }),
  );

/** INTERNAL: RESOURCE_EXHAUSTED would tell the caller to come back later. */
export const tooLarge = () =>
  new AttemptFailure(
    'final',
    new ServiceError(Code.INTERNAL, 'The answer of the service is too large', { reason: 'ANSWER_TOO_LARGE' }),
  );

/** The peer broke gRPC's rules; asking again would get the same. */
export const malformed = (what: string) =>
  new AttemptFailure(
    'final',
    new ServiceError(Code.INTERNAL, `The answer of the service is not valid gRPC: ${what}`, {
      reason: 'ANSWER_MALFORMED',
    }),
  );

export const unsendable = (cause?: unknown) =>
  new AttemptFailure(
    'final',
    new ServiceError(Code.INTERNAL, 'The call has a header that cannot be sent', { reason: 'HEADER_INVALID', cause }),
  );

export const givenUp = () => new AttemptFailure('final', cancelled());

export const late = () => new AttemptFailure('final', outOfTime());

/** Its time was over before a connection was free for it. */
export const neverSent = () => new AttemptFailure('unsent', outOfTime());

/** Nobody is there to be asked, which is no failing of anybody's. */
export const noInstance = (service: string) =>
  new AttemptFailure(
    'unsent',
    unavailable(`No instance of ${service} takes this call`, { reason: 'NO_INSTANCE', metadata: { service } }),
  );

export const isNoInstance = ({ outcome, error: { reason } }: AttemptFailure): boolean =>
  outcome === 'unsent' && reason === 'NO_INSTANCE';
