import type { Metadata } from '@grpc/grpc-js';
import { permissionDenied } from '@trellis/errors';
import type { Caller } from '@trellis/security';

/** What a handler knows of the call beside the request. */
export interface Call {
  /** Verified and authorized. Undefined for a method that the contract calls public: its token is not looked at. */
  readonly caller: Caller | undefined;
  /** Epoch milliseconds. A stream without one has Infinity. */
  readonly deadline: number;
  /** Aborted when the deadline has passed or the caller went away; that of a stream also when the service drains. */
  readonly signal: AbortSignal;
  /** What came with the call, as grpc-js has it. Holds the token: never log it. */
  readonly metadata: Metadata;
}

/** The same for a stream, whose errors may come long after the handler has returned. */
export interface StreamCall extends Call {
  /** Ends the stream with the error's status, as a rejection of the handler does. */
  fail(error: unknown): void;
}

/** Id of the person who calls. PERMISSION_DENIED with reason USER_REQUIRED when it is a client or a service. */
export function requireUser(call: Pick<Call, 'caller'>): string {
  if (call.caller?.userId === undefined) {
    throw permissionDenied('Only a person may do this: log in and use the token of a user', {
      reason: 'USER_REQUIRED',
    });
  }
  return call.caller.userId;
}
