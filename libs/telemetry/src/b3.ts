import { type SpanContext, TraceFlags, isSpanContextValid } from '@opentelemetry/api';

/** Zipkin's headers: one `b3`, or several `x-b3-…` (https://github.com/openzipkin/b3-propagation). */
export type B3Style = 'single' | 'multi';

/** What headers say of the span that made the request. */
export interface ClaimedSpan {
  readonly span: SpanContext;
  /** Undefined when they leave the decision to whoever gets them. */
  readonly sampled: boolean | undefined;
}

const SINGLE = /^([\da-f]{32}|[\da-f]{16})-([\da-f]{16})(?:-([01d])(?:-[\da-f]{16})?)?$/i;
const TRACE_ID = /^(?:[\da-f]{32}|[\da-f]{16})$/i;
const SPAN_ID = /^[\da-f]{16}$/i;

/**
 * Undefined without usable ids. OpenTelemetry's own propagator takes a decision that was left open for a no, and finds its
 * ids in the middle of anything.
 */
export function readB3(headers: Readonly<Record<string, unknown>>): ClaimedSpan | undefined {
  const { b3 } = headers;
  if (typeof b3 === 'string') {
    const [, traceId, spanId, sampled] = SINGLE.exec(b3) ?? [];
    return spanOf(traceId, spanId, sampled);
  }
  const { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-sampled': sampled, 'x-b3-flags': flags } = headers;
  if (typeof traceId !== 'string' || !TRACE_ID.test(traceId)) return undefined;
  if (typeof spanId !== 'string' || !SPAN_ID.test(spanId)) return undefined;
  return spanOf(traceId, spanId, flags === '1' ? 'd' : sampled);
}

function spanOf(traceId = '', spanId = '', sampled: unknown): ClaimedSpan | undefined {
  const decision = DECISIONS.get(sampled);
  const span = {
    traceId: traceId.toLowerCase().padStart(32, '0'),
    spanId: spanId.toLowerCase(),
    traceFlags: decision ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
  return isSpanContextValid(span) ? { span, sampled: decision } : undefined;
}

/** Debug is a yes that nobody may overrule; `true` and `false` are what old tracers say. */
const DECISIONS: ReadonlyMap<unknown, boolean> = new Map([
  ['1', true],
  ['d', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** The headers that continue the span's trace elsewhere. */
export function b3Headers({ traceId, spanId, traceFlags }: SpanContext, style: B3Style): Record<string, string> {
  const sampled = traceFlags & TraceFlags.SAMPLED ? '1' : '0';
  if (style === 'single') return { b3: `${traceId}-${spanId}-${sampled}` };
  return { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-sampled': sampled };
}
