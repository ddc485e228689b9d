import { type Attributes, SpanKind, TraceFlags, context, trace } from '@opentelemetry/api';
import type { Instance } from '@trellis/discovery';
import { type B3Style, attribute, markFailed, spanHeaders, tracer } from '@trellis/telemetry';
import type { AttemptFailure } from '../transport.js';
import type { Wire } from '../wire.js';
import type { AnyCall } from './flight.js';

/** The span of one attempt. */
export interface AttemptSpan<Answer> {
  /** What to send so that the instance's spans become its children. */
  readonly headers: Readonly<Record<string, string>>;
  /** With the answer, or with why there is none. */
  end(answer: Answer | undefined, failure?: AttemptFailure): void;
}

/**
 * `why`: what the attempt makes up for, such as CONNECT_FAILED or hedge; undefined for the first, whose number is 1. `b3`: how
 * Zipkin's headers go along, if they do.
 */
export type OpenSpan<Call, Answer> = (
  call: Call,
  instance: Instance,
  number: number,
  why: string | undefined,
  b3: B3Style | undefined,
) => AttemptSpan<Answer>;

/**
 * A client span for each attempt, so that a trace shows who was asked, in which order, why again, and who failed. Below a
 * span that is not recorded nothing is made at all: the headers hand on that nobody records.
 */
export function attemptSpans<Call extends AnyCall, Answer>(wire: Wire<Call, Answer>): OpenSpan<Call, Answer> {
  const spans = tracer();
  return (call, instance, number, why, b3) => {
    const parent = context.active();
    const above = trace.getSpanContext(parent);
    if (above && !(above.traceFlags & TraceFlags.SAMPLED)) return unrecorded(spanHeaders(above, b3));
    const attributes = {
      ...wire.spanAttributes(call, instance, number),
      ...attemptAttributes(call, instance, number, why),
    };
    const span = spans.startSpan(wire.spanName(call), { kind: SpanKind.CLIENT, attributes }, parent);
    const headers = spanHeaders(span.spanContext(), b3);
    if (!span.isRecording()) return unrecorded(headers);
    return {
      headers,
      end(answer, failure) {
        span.setAttributes(wire.statusAttributes(answer, failure));
        if (failure) markFailed(span, failure);
        span.end();
      },
    };
  };
}

const nothing = (): void => undefined;

const unrecorded = (headers: AttemptSpan<unknown>['headers']): AttemptSpan<unknown> => ({ headers, end: nothing });

function attemptAttributes(
  { service }: AnyCall,
  { id, address }: Instance,
  number: number,
  why: string | undefined,
): Attributes {
  const colon = address.lastIndexOf(':');
  return {
    [attribute.serverService]: service,
    [attribute.serverAddress]: address.slice(0, colon),
    [attribute.serverPort]: Number(address.slice(colon + 1)),
    [attribute.instance]: id,
    [attribute.attempt]: number,
    ...(why !== undefined && { [attribute.attemptReason]: why }),
  };
}
