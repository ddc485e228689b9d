import { type Context, ROOT_CONTEXT, type SpanContext, context, isSpanContextValid, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

/** The W3C trace context as it travels: in gRPC metadata, Kafka headers and outbox rows. */
export interface TraceHeaders {
  traceparent?: string;
  tracestate?: string;
}

// Our own instance: headers are read and written alike with and without the preload.
const w3c = new W3CTraceContextPropagator();

/** Headers that continue the active (or the given) context elsewhere; empty outside of any trace. */
export function traceHeaders(from: Context = context.active()): TraceHeaders {
  const headers: TraceHeaders = {};
  w3c.inject(from, headers, {
    set: (carrier, key, value) => {
      carrier[key as keyof TraceHeaders] = value;
    },
  });
  return headers;
}

/** The same for one span, without a context around it: for paths where each microsecond counts. */
export function spanHeaders(span: SpanContext): Readonly<Record<string, string>> {
  if (!isSpanContextValid(span)) return {};
  const { traceId, spanId, traceFlags, traceState } = span;
  const traceparent = `00-${traceId}-${spanId}-0${(traceFlags & 0xf).toString(16)}`;
  const tracestate = traceState?.serialize();
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/** The context that the headers tell of; without usable ones the root context, so a span in it begins a new trace. */
export function contextFrom(headers: Readonly<TraceHeaders>): Context {
  return w3c.extract(ROOT_CONTEXT, headers, {
    get: (carrier, key) => carrier[key as keyof TraceHeaders],
    keys: (carrier) => Object.keys(carrier),
  });
}

/** 32 hex digits; undefined outside of any trace. */
export function currentTraceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}
