import type { Registry } from '@bufbuild/protobuf';
import { type MethodPolicy, methodPolicy } from '@trellis/contracts';
import { type Route, routesOf } from '@trellis/transcoding';

/** A REST form of a contract's method, and what the call behind it needs. */
export interface ContractRoute extends Route {
  /** Name under which the instances register. */
  readonly service: string;
  /** gRPC path of the method. */
  readonly grpcPath: string;
  readonly access: MethodPolicy;
}

/** The routes that the contract's own HTTP rules give, of those gRPC services that the instances answer. Throws ContractError when it cannot be served. */
export function contractRoutes(service: string, registry: Registry, grpcServices: readonly string[]): ContractRoute[] {
  return grpcServices.flatMap((name) => {
    const described = registry.getService(name);
    return (described ? routesOf(described, registry) : []).map((route) => contractRoute(service, route));
  });
}

/** Adds to a route what calling its method needs. */
export const contractRoute = (service: string, route: Route): ContractRoute => ({
  ...route,
  service,
  grpcPath: `/${route.method.parent.typeName}/${route.method.name}`,
  access: methodPolicy(route.method),
});
