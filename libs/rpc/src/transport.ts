import { type ServiceError, codeName } from '@trellis/errors';
import type { Outcome } from '@trellis/resilience';
import type { CancelSignal } from './cancellation.js';

/** One attempt at one instance. */
export interface Attempt {
  /** `host:port` */
  readonly address: string;
  readonly path: string;
  readonly request: Uint8Array;
  /** Epoch milliseconds; the transport ends the attempt by then. */
  readonly deadline: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: CancelSignal | undefined;
  /** Milliseconds after which the attempt fails as unsent when no connection has taken it. */
  readonly connectTimeout?: number | undefined;
}

/** Carries calls to instances. It picks nothing and repeats nothing. */
export interface Transport {
  /** The answer's message. Rejects with AttemptFailure, and with nothing else. */
  unary(attempt: Attempt): Promise<Uint8Array>;
  /** Closes what it holds open to addresses that are not among these. Calls under way there may finish. */
  retain(addresses: ReadonlySet<string>): void;
  close(): void;
}

/** Why an attempt failed and how far it got. Its name is the code's, as tracing wants it in `error.type`. */
export class AttemptFailure extends Error {
  readonly outcome: Outcome;
  readonly error: ServiceError;

  constructor(outcome: Outcome, error: ServiceError) {
    super(error.message, { cause: error });
    this.name = codeName(error.code);
    this.outcome = outcome;
    this.error = error;
  }

  /** Lets go of what it holds, when something better was found. Most hold nothing. */
  release(): void {}
}
