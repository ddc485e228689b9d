import type { Rpc } from '@trellis/rpc';
import { answerWhole } from '../answer.js';
import { hasBody, readBody } from '../body.js';
import { requireJson } from '../content-type.js';
import type { Exchange } from '../exchange.js';
import { routeHashKey } from '../hash-key.js';
import type { ContractRoute } from '../routing/contract-routes.js';
import type { Target } from '../routing/route.js';

/** A unary method: HTTP to protobuf, the call, protobuf to HTTP. */
export function contractMethod(route: ContractRoute, rpc: Rpc): Target {
  const { service, grpcPath, access, method, bodyForm, locate } = route;

  /** A body that the method has no use for is not looked at. */
  function bodyOf(exchange: Exchange): Promise<Uint8Array> | undefined {
    const { request } = exchange;
    if (bodyForm === 'none' || !hasBody(request)) return undefined;
    if (bodyForm === 'json') requireJson(request.headers);
    return readBody(exchange);
  }

  function call(exchange: Exchange, body: Uint8Array | undefined): Promise<void> {
    const { captures, query, deadline, caller, requestId, correlationId } = exchange;
    const contentType = exchange.request.headers['content-type'];
    const request = route.decode({ captures, query, body, contentType });
    const began = performance.now();
    return rpc
      .unary({
        service,
        path: grpcPath,
        repeatable: access.repeatable,
        output: method.output,
        request,
        metadata:
          correlationId === undefined
            ? { 'x-request-id': requestId }
            : { 'x-request-id': requestId, 'x-correlation-id': correlationId },
        hashKey: routeHashKey(rpc.hashSource(service, grpcPath), exchange, route),
        token: caller?.token,
        deadline,
        signal: exchange.gone,
      })
      .then((answer) => {
        exchange.answered(answer, performance.now() - began);
        const content = route.encode(answer.message);
        answerWhole(exchange, 200, ['content-type', content.contentType], content.body);
      });
  }

  return {
    title: `method ${method.parent.typeName}/${method.name}`,
    locate,
    binding: route.binding,
    handle(exchange) {
      const reading = bodyOf(exchange);
      return reading ? reading.then((body) => call(exchange, body)) : call(exchange, undefined);
    },
  };
}
