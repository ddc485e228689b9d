import type { IncomingMessage } from 'node:http';
import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { attribute, claimedSpan, decideSampling, knownHttpMethod, spanName, tracer } from '@trellis/telemetry';
import type { Origin } from './edge/origin.js';
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

export interface TraceTerms {
  readonly origin: Origin;
  /** Whether it is recorded, whatever else would decide. */
  readonly forced: boolean;
  /** Share of the new traces that are recorded, from 0 to 1. */
  readonly sampleRatio: number;
}

/**
 * A trusted peer's trace goes on as that one has decided. What anybody else says of his is not believed, for he could have
 * everything recorded, or hide in another's trace: he gets a new one. If that is recorded, it has a link to the ids that he
 * claims, of which none can be more than hex digits, so that those who look from his side find it.
 */
export function openTrace(request: IncomingMessage, { origin, forced, sampleRatio }: TraceTerms): RequestTrace {
  const { trusted, address, scheme } = origin;
  const believed = trusted ? claimedSpan(request.headers) : undefined;
  const parent = believed?.span;
  if (!forced && !(believed?.sampled ?? Math.random() < sampleRatio)) return unrecorded(parent);
  const claimed = trusted ? undefined : claimedSpan(request.headers);
  const above = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
  const { method = 'GET', httpVersion } = request;
  const known = knownHttpMethod(method);
  const span = tracer().startSpan(
    spanName.http(known),
    {
      kind: SpanKind.SERVER,
      attributes: {
        [attribute.httpMethod]: known,
        ...(known !== method && { [attribute.httpMethodOriginal]: method }),
        [attribute.protocolVersion]: httpVersion,
        [attribute.urlScheme]: scheme,
        [attribute.clientAddress]: address,
      },
      ...(claimed && { links: [linkTo(claimed.span)] }),
    },
    decideSampling(above, true),
  );
  const context = trace.setSpan(ROOT_CONTEXT, span);
  return { traceId: span.spanContext().traceId, span, context, end: (exchange) => endSpan(span, exchange) };
}

/** Without the state, which could be any text. */
const linkTo = ({ traceId, spanId, traceFlags }: SpanContext): Link => ({ context: { traceId, spanId, traceFlags } });

/** Without a span of our own, what comes after us hangs below what came before. */
function unrecorded(parent: SpanContext | undefined): RequestTrace {
  const spanContext = parent
    ? { ...parent, traceFlags: TraceFlags.NONE }
    : { traceId: newTraceId(), spanId: newSpanId(), traceFlags: TraceFlags.NONE };
  const { traceId } = spanContext;
  return { traceId, span: undefined, context: trace.setSpanContext(ROOT_CONTEXT, spanContext), end: nothing };
}

const nothing = (): void => undefined;

function endSpan(span: Span, exchange: Exchange): void {
  const { httpMethod, host, route, path, status } = exchange;
  const { name } = route.facts;
  if (name !== '') {
    span.updateName(spanName.http(knownHttpMethod(httpMethod), name));
    span.setAttribute(attribute.httpRoute, name);
  }
  if (host !== '') span.setAttribute(attribute.serverAddress, host);
  span.setAttribute(attribute.urlPath, path);
  span.setAttribute(attribute.httpStatus, status);
  if (status >= 500) {
    span.setAttribute(attribute.errorType, String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
