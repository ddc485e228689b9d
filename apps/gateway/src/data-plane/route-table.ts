import { methodPolicy, type MethodPolicy, readDescriptorSet } from '@trellis/contracts';
import { type Route, type Router, createRouter, routesOf } from '@trellis/transcoding';

/** A route and what the call behind it needs, all of it prepared. */
export interface GatewayRoute extends Route {
  /** Name under which the instances register. */
  readonly service: string;
  /** gRPC path of the method. */
  readonly grpcPath: string;
  readonly policy: MethodPolicy;
}

export interface RouteTable {
  readonly router: Router<GatewayRoute>;
  /** False until the registry has been heard and the contracts of everyone there have been read. */
  readonly complete: boolean;
}

export const EMPTY_TABLE: RouteTable = { router: createRouter<GatewayRoute>([]), complete: false };

/** The routes of the named gRPC services in an announced contract. Throws when the contract cannot be served. */
export function compileContract(
  service: string,
  contract: Uint8Array,
  grpcServices: readonly string[],
): readonly GatewayRoute[] {
  const registry = readDescriptorSet(contract);
  return grpcServices.flatMap((name) => {
    const described = registry.getService(name);
    return (described ? routesOf(described, registry) : []).map((route) => ({
      ...route,
      service,
      grpcPath: `/${route.method.parent.typeName}/${route.method.name}`,
      policy: methodPolicy(route.method),
    }));
  });
}
