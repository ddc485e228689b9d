import { createHash } from 'node:crypto';
import { type DescMethod, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { HttpRule } from '@trellis/contracts/google/api';
import { descriptorsOf, httpRule, methodPolicy } from '@trellis/contracts';
import { type ServiceError, invalidArgument } from '@trellis/errors';
import { ContractError, type Routable, createRouter, routesOf } from '@trellis/transcoding';
import { MAX_CONTRACT_BYTES, MAX_METHODS, MAX_PATH, MAX_ROUTES, excessOf, shorten } from './limits.js';
import { reservation } from './reserved-paths.js';

export interface ContractRoute extends Routable {
  readonly method: DescMethod;
  /** As the contract spells them: which part of the messages the HTTP bodies are. */
  readonly body: string;
  readonly responseBody: string;
}

/** What instances promise: the methods of the gRPC services that they answer, with all their types. */
export interface Contract {
  /** By "trellis.blog.v1.BlogService/GetPost", in the contract's order. */
  readonly methods: ReadonlyMap<string, DescMethod>;
  readonly routes: readonly ContractRoute[];
}

const hashes = new WeakMap<Uint8Array, string>();

/** SHA-256 of the descriptor set in hex, which names the contract. Of the same bytes, which thousands may have, computed once. */
export function hashOf(descriptorSet: Uint8Array): string {
  const hash = hashes.get(descriptorSet) ?? createHash('sha256').update(descriptorSet).digest('hex');
  hashes.set(descriptorSet, hash);
  return hash;
}

/**
 * Reads what a stranger sent. Throws INVALID_ARGUMENT that says what is wrong and where; everything that costs time grows
 * with what was counted before.
 */
export function readContract(descriptorSet: Uint8Array, grpcServices: readonly string[]): Contract {
  if (descriptorSet.length > MAX_CONTRACT_BYTES) throw wrong(`is larger than ${MAX_CONTRACT_BYTES} bytes`);
  const registry = readTypes(descriptorSet);
  const services = [...new Set(grpcServices)].map((name) => {
    const service = registry.getService(name);
    if (!service) throw wrong(`does not have the service ${name}`);
    return service;
  });
  const all = services.flatMap((service) => service.methods);
  if (all.length > MAX_METHODS) throw wrong(`has more than ${MAX_METHODS} methods`);
  const methods = new Map(all.map((method) => [methodName(method), method]));
  if (methods.size < all.length) throw wrong('has two methods of the same name in a service');
  attempt(() => all.forEach(methodPolicy)); // options are decoded when they are asked for
  checkRules(attempt(() => all.map((method) => ({ method, rules: rulesOf(method) }))));
  try {
    const routes = services.flatMap((service) => routesOf(service, registry));
    createRouter(routes);
    for (const route of routes) {
      const reason = reservation(route);
      if (reason !== undefined) throw wrong(`${methodName(route.method)}: the route ${routeName(route)} ${reason}`);
    }
    return { methods, routes: withBodies(routes) };
  } catch (error) {
    throw error instanceof ContractError ? wrong(error.message, error) : error;
  }
}

export const methodName = (method: DescMethod): string => `${method.parent.typeName}/${method.name}`;

/** Such as "GET /v1/posts/{id}". */
export const routeName = ({ httpMethod, template }: Routable): string => `${httpMethod} ${template.text}`;

function readTypes(descriptorSet: Uint8Array) {
  const set = attempt(() => fromBinary(FileDescriptorSetSchema, descriptorSet));
  const excess = excessOf(set);
  if (excess !== undefined) throw wrong(excess);
  return attempt(() => descriptorsOf(set));
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read';
    throw wrong(`is no complete google.protobuf.FileDescriptorSet: ${reason}`, error);
  }
}

/** Before the templates are parsed, whose cost grows faster than their length. */
function checkRules(methods: readonly { readonly method: DescMethod; readonly rules: readonly HttpRule[] }[]): void {
  let routes = 0;
  for (const { method, rules } of methods) {
    routes += rules.length;
    for (const { pattern } of rules) {
      const path = typeof pattern.value === 'string' ? pattern.value : (pattern.value?.path ?? '');
      if (path.length > MAX_PATH) {
        throw wrong(`${methodName(method)}: a path has more than ${MAX_PATH} characters: ${shorten(path)}`);
      }
    }
  }
  if (routes > MAX_ROUTES) throw wrong(`has more than ${MAX_ROUTES} routes`);
}

function rulesOf(method: DescMethod): HttpRule[] {
  const rule = httpRule(method);
  return rule ? [rule, ...rule.additionalBindings] : [];
}

/** A method's routes are in the order of its rules. */
function withBodies(routes: readonly (Routable & { readonly method: DescMethod })[]): ContractRoute[] {
  return [...Map.groupBy(routes, ({ method }) => method)].flatMap(([method, own]) =>
    own.map(({ httpMethod, template }, index) => {
      const { body = '', responseBody = '' } = rulesOf(method)[index] ?? {};
      return { method, httpMethod, template, body, responseBody };
    }),
  );
}

const wrong = (reason: string, cause?: unknown): ServiceError =>
  invalidArgument([{ field: 'descriptor_set', description: shorten(reason, 400) }], { cause });
