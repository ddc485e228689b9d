import { type DescMethod, type DescService, type MessageInitShape, type Registry, create } from '@bufbuild/protobuf';
import { httpRule } from '@trellis/contracts';
import { HttpRuleSchema } from '@trellis/contracts/google/api';
import { type Binding, bindingOf, bindingsOf } from './binding.js';
import { type BodyForm, bodyForm } from './body.js';
import { Codecs } from './codec/codecs.js';
import { ContractError } from './contract-error.js';
import { type Locator, locator } from './locator.js';
import { type RequestDecoder, requestDecoder } from './request-decoder.js';
import { type ResponseEncoder, responseEncoder } from './response-encoder.js';
import type { Routable } from './routable.js';

/** One way to reach a method over HTTP, with everything prepared that does not depend on the request. */
export interface Route extends Routable {
  readonly method: DescMethod;
  /** The rule behind it, for those who describe the route. */
  readonly binding: Binding;
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
  const codecs = new Codecs(registry);
  const kinds = new Set<DescMethod['methodKind']>(serverStreams ? ['unary', 'server_streaming'] : ['unary']);
  return service.methods.flatMap((method) => {
    const rule = httpRule(method);
    if (!rule || !kinds.has(method.methodKind)) return [];
    return bindingsOf(method, rule).map((binding) => prepare(binding, registry, codecs));
  });
}

export interface RouteOptions {
  /** Field path of the request message for each query parameter of another name: `{ post_id: 'id' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * A route to a unary method by a rule that its contract does not have, such as one from a configuration file. Throws
 * ContractError that says what in the rule, or in the names of the parameters, does not fit the method.
 */
export function routeOf(
  method: DescMethod,
  rule: MessageInitShape<typeof HttpRuleSchema>,
  registry: Registry,
  { parameters }: RouteOptions = {},
): Route {
  if (method.methodKind !== 'unary') {
    throw new ContractError(
      `${method.parent.typeName}/${method.name}: only unary methods can be called by such a route`,
    );
  }
  return prepare(bindingOf(method, create(HttpRuleSchema, rule), parameters), registry, new Codecs(registry));
}

const prepare = (binding: Binding, registry: Registry, codecs: Codecs): Route => ({
  method: binding.method,
  binding,
  owner: `${binding.method.parent.typeName}/${binding.method.name}`,
  httpMethod: binding.httpMethod,
  template: binding.template,
  bodyForm: bodyForm(binding.method.input, binding.body),
  decode: requestDecoder(binding, registry, codecs),
  encode: responseEncoder(binding, registry, codecs),
  locate: locator(binding),
});
