import type { RequestListener } from 'node:http';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { ServiceError } from '@trellis/errors';
import { attribute, inSpan, spanName } from '@trellis/telemetry';
import { answerProblem, isFault } from './answer.js';
import { type Exchange, openExchange } from './exchange.js';
import type { Gateway } from './gateway.js';
import { linger } from './linger.js';
import { type Served, serve } from './serve.js';

/** Answers every request, whatever happens: within a trace of its own, for what a client says of its trace is not trusted. */
export function requestListener(gateway: Gateway): RequestListener {
  return (request, response) => {
    const began = performance.now();
    const attributes = {
      [attribute.httpMethod]: request.method,
      [attribute.urlScheme]: 'http',
      [attribute.clientAddress]: request.socket.remoteAddress,
    };
    const options = { kind: SpanKind.SERVER, parent: ROOT_CONTEXT, attributes };
    void inSpan(spanName.http(request.method ?? 'GET'), options, async (span) => {
      const exchange = openExchange(
        request,
        response,
        span.spanContext().traceId,
        Date.now() + gateway.limits.requestTimeoutMs,
      );
      span.setAttribute(attribute.urlPath, exchange.path);
      const served: Served = {};
      try {
        await serve(gateway, exchange, served, span);
      } catch (error) {
        fail(gateway, exchange, served, ServiceError.from(error));
      }
      finish(gateway, exchange, served, span, performance.now() - began);
    });
  };
}

function fail({ logger }: Gateway, exchange: Exchange, { route }: Served, error: ServiceError): void {
  const { response, gone } = exchange;
  if (gone.aborted || response.headersSent) {
    logger.debug({ err: error, request_id: exchange.requestId }, 'answer cut short');
    response.destroy();
    return;
  }
  if (isFault(error)) logger.error({ err: error, request_id: exchange.requestId }, 'request failed');
  answerProblem(exchange, error, route?.locate);
  if (!exchange.request.complete) linger(exchange.request);
}

function finish({ logger }: Gateway, exchange: Exchange, { route }: Served, span: Span, took: number): void {
  const { response, httpMethod, path, requestId } = exchange;
  const status = response.headersSent ? response.statusCode : 499; // nginx's number for a client that did not wait
  span.setAttribute(attribute.httpStatus, status);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  logger.debug(
    { method: httpMethod, path, route: route?.template.text, status, ms: Math.round(took), request_id: requestId },
    'request',
  );
}
