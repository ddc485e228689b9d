import type { DescMethod, DescService, Registry } from '@bufbuild/protobuf';
import { httpRule } from '@trellis/contracts';
import { bindingsOf } from './binding.js';
import { type BodyForm, bodyForm } from './body.js';
import { type Locator, locator } from './locator.js';
import { type RequestDecoder, requestDecoder } from './request-decoder.js';
import { type ResponseEncoder, responseEncoder } from './response-encoder.js';
import type { Routable } from './router.js';

/** One way to reach a method over HTTP, with everything prepared that does not depend on the request. */
export interface Route extends Routable {
  readonly method: DescMethod;
  /** What the HTTP body is to the request message. */
  readonly bodyForm: BodyForm;
  readonly decode: RequestDecoder;
  readonly encode: ResponseEncoder;
  readonly locate: Locator;
}

/**
 * The routes of a service's unary methods, by their `google.api.http` rules; methods without one, and streams, have none.
 * With `serverStreams` those of server streams too, whose `encode` is for one message of the stream. `registry` knows the
 * messages that an Any may hold. Throws ContractError.
 */
export function routesOf(service: DescService, registry: Registry, { serverStreams = false } = {}): Route[] {
  const kinds = new Set<DescMethod['methodKind']>(serverStreams ? ['unary', 'server_streaming'] : ['unary']);
  return service.methods.flatMap((method) => {
    const rule = httpRule(method);
    if (!rule || !kinds.has(method.methodKind)) return [];
    return bindingsOf(method, rule).map((binding) => ({
      method,
      httpMethod: binding.httpMethod,
      template: binding.template,
      bodyForm: bodyForm(method.input, binding.body),
      decode: requestDecoder(binding, registry),
      encode: responseEncoder(binding, registry),
      locate: locator(binding),
    }));
  });
}
