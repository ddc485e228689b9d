import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type Logger, attribute, contextFrom, inSpan, spanName } from '@trellis/telemetry';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { routeOf } from './routes.js';

/** Puts each request into a span of its own, a child of the gateway's. */
export function requestSpan(logger: Logger) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    const route = routeOf(ctx.path);
    const parent = contextFrom({ traceparent: ctx.get('traceparent'), tracestate: ctx.get('tracestate') });
    const attributes = { [attribute.httpMethod]: ctx.method, [attribute.httpRoute]: route };
    await inSpan(spanName.http(ctx.method, route), { kind: SpanKind.SERVER, parent, attributes }, async (span) => {
      await next();
      span.setAttribute(attribute.httpStatus, ctx.status);
      if (ctx.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      logger.debug({ method: ctx.method, route, status: ctx.status, requestId: ctx.get('x-request-id') }, 'answered');
    });
  };
}
