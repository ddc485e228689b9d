import type { Attributes } from '@opentelemetry/api';
import type { Instance } from '@trellis/discovery';
import type { CancelSignal } from './cancellation.js';
import type { CallPolicy } from './policy/call-policy.js';
import type { AttemptFailure } from './transport.js';

/** What one attempt needs besides the call itself. */
export interface WireTerms {
  /** Epoch milliseconds by which the answer begins, or the attempt has failed. */
  readonly deadline: number;
  /** The same for the whole call. */
  readonly callDeadline: number;
  /** Of the method: the timeouts of its connection, and whether that is encrypted. */
  readonly policy: CallPolicy;
  readonly token: string | undefined;
  readonly signal: CancelSignal | undefined;
  /** `traceparent`, and `tracestate` if there is one. */
  readonly traceHeaders: Readonly<Record<string, string>>;
}

/** Takes a call to an instance: the innermost part of the stack, one for each protocol. */
export interface Wire<Call, Answer> {
  /** Rejects with AttemptFailure only. */
  send(call: Call, instance: Instance, terms: WireTerms): Promise<Answer>;
  /** Of few values, so that spans group. */
  spanName(call: Call): string;
  /** Of the span of the try with this number, 1 for the first, as it opens. Asked only when somebody records it. */
  spanAttributes(call: Call, instance: Instance, number: number): Attributes;
  /** Of the span as it ends: exactly one of the two is there. */
  statusAttributes(answer: Answer | undefined, failure: AttemptFailure | undefined): Attributes;
}
