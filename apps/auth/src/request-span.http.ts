import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { type Logger, attribute, contextFrom, inSpan, knownHttpMethod, spanName } from '@trellis/telemetry';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { routeOf } from './routes.js';

/** Puts each request into a span of its own, a child of the gateway's. */
export function requestSpan(logger: Logger) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    const route = routeOf(ctx.path);
    const parent = contextFrom({ traceparent: ctx.get('traceparent'), tracestate: ctx.get('tracestate') });
    const method = knownHttpMethod(ctx.method);
    const attributes = {
      [attribute.httpMethod]: method,
      [attribute.httpRoute]: route,
      [attribute.urlPath]: ctx.path,
      [attribute.urlScheme]: ctx.protocol,
    };
    await inSpan(spanName.http(method, route), { kind: SpanKind.SERVER, parent, attributes }, async (span) => {
      await next();
      span.setAttribute(attribute.httpStatus, ctx.status);
      if (ctx.status >= 500) {
        span.setAttribute(attribute.errorType, String(ctx.status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      logger.debug({ method, route, status: ctx.status, requestId: ctx.get('x-request-id') }, 'answered');
    });
  };
}
