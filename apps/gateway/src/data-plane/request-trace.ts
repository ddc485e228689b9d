import type { IncomingMessage } from 'node:http';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { attribute, decideSampling, spanName, tracer } from '@trellis/telemetry';
import type { Exchange } from './exchange.js';
import { newSpanId, newTraceId } from './trace-ids.js';

/** A request's own part of its trace. */
export interface RequestTrace {
  readonly traceId: string;
  /** Undefined when nobody records it: then it costs two random ids. */
  readonly span: Span | undefined;
  /** What the request's work runs in. */
  readonly context: Context;
  end(exchange: Exchange): void;
}

/** A new trace: what clients say of theirs is not trusted. */
export function openTrace(request: IncomingMessage, sampleRatio: number): RequestTrace {
  if (Math.random() >= sampleRatio) return unrecorded();
  const span = tracer().startSpan(
    spanName.http(request.method ?? 'GET'),
    {
      kind: SpanKind.SERVER,
      attributes: {
        [attribute.httpMethod]: request.method,
        [attribute.urlScheme]: 'http',
        [attribute.clientAddress]: request.socket.remoteAddress,
      },
    },
    decideSampling(ROOT_CONTEXT, true),
  );
  const context = trace.setSpan(ROOT_CONTEXT, span);
  return { traceId: span.spanContext().traceId, span, context, end: (exchange) => endSpan(span, exchange) };
}

function unrecorded(): RequestTrace {
  const traceId = newTraceId();
  const spanContext = { traceId, spanId: newSpanId(), traceFlags: TraceFlags.NONE };
  return { traceId, span: undefined, context: trace.setSpanContext(ROOT_CONTEXT, spanContext), end: nothing };
}

const nothing = (): void => undefined;

function endSpan(span: Span, exchange: Exchange): void {
  const { response, httpMethod, route, path } = exchange;
  const { name } = route.facts;
  const status = exchange.left ? CLIENT_LEFT : response.statusCode;
  if (name !== '') {
    span.updateName(spanName.http(httpMethod, name));
    span.setAttribute(attribute.httpRoute, name);
  }
  span.setAttribute(attribute.urlPath, path);
  span.setAttribute(attribute.httpStatus, status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** nginx's number for a client that did not wait for its answer. */
export const CLIENT_LEFT = 499;
