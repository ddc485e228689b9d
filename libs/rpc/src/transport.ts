import type { ServiceError } from '@trellis/errors';

/** One attempt at one instance. */
export interface Attempt {
  /** `host:port` */
  readonly address: string;
  readonly path: string;
  readonly request: Uint8Array;
  /** Epoch milliseconds; the transport ends the attempt by then. */
  readonly deadline: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Carries calls to instances. It picks nothing and repeats nothing. */
export interface Transport {
  /** The answer's message. Rejects with AttemptFailure, and with nothing else. */
  unary(attempt: Attempt): Promise<Uint8Array>;
  /** Closes what it holds open to addresses that are not among these. Calls under way there may finish. */
  retain(addresses: ReadonlySet<string>): void;
  close(): void;
}

/** `unsent`: provably never reached a server. `unknown`: it may have. `answered`: the server said so. */
export type Outcome = 'unsent' | 'unknown' | 'answered';

export class AttemptFailure extends Error {
  readonly outcome: Outcome;
  readonly error: ServiceError;

  constructor(outcome: Outcome, error: ServiceError) {
    super(error.message, { cause: error });
    this.name = 'AttemptFailure';
    this.outcome = outcome;
    this.error = error;
  }
}
