import { notFound, unavailable } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import { ContractError, parsePathTemplate, routeOf } from '@trellis/transcoding';
import type { FileRoute, GatewayFile } from '../../file/gateway-file.js';
import type { Settings } from '../policies/pipeline.js';
import type { Tools } from '../policies/policy.js';
import { contractMethod } from '../targets/contract-method.js';
import { httpService } from '../targets/http-service.js';
import { redirect } from '../targets/redirect.js';
import { prepared } from './build-table.js';
import { conditionOf } from './condition.js';
import type { LiveContract } from './contract-follower.js';
import { contractRoute } from './contract-routes.js';
import type { Route, Target } from './route.js';
import type { Layer } from './route-table.js';

export interface FileIngredients {
  readonly file: Pick<GatewayFile, 'routes'>;
  readonly contracts: readonly LiveContract[];
  readonly defaults: Settings;
  readonly tools: Tools;
  readonly rpc: Rpc;
}

/** The file's routes: a layer for each host that it names, exact ones first, and one for those without. */
export function fileLayers(given: FileIngredients): Layer[] {
  const byHost = Map.groupBy(given.file.routes, ({ host }) => host);
  return [...byHost]
    .map(([host, routes]) => ({ host, routes: routes.flatMap((route) => routesOf(route, given)) }))
    .sort((a, b) => rank(a.host) - rank(b.host));
}

/** A host itself comes before those below `*.host`, of which the longest is the most specific. */
function rank(host: string | undefined): number {
  if (host === undefined) return 1_000;
  return host.startsWith('*.') ? 500 - host.length : 0;
}

function routesOf(route: FileRoute, given: FileIngredients): Route[] {
  const template = parsePathTemplate(route.path);
  const accepts = conditionOf(route);
  return (route.methods ?? defaultMethods(route)).map((httpMethod) => {
    const { target, service, access } = targetOf(route, httpMethod, given);
    const facts = { name: route.name ?? route.path, httpMethod, service, access };
    const source = 'file' as const;
    const base = { httpMethod, template, facts, source, target, ...(accepts && { accepts }) };
    return prepared(base, given.defaults, route, given.tools);
  });
}

/** A contract's method is called as what it does; everything else takes any method. */
const defaultMethods = ({ call }: FileRoute): string[] => (call === undefined ? ['*'] : ['POST']);

type Served = Pick<Route, 'target'> & Pick<Route['facts'], 'service' | 'access'>;

function targetOf(route: FileRoute, httpMethod: string, given: FileIngredients): Served {
  if (route.redirect) {
    const target = redirect(route.redirect, parsePathTemplate(route.path));
    return { target, service: undefined, access: undefined };
  }
  if (route.service !== undefined) {
    const { service, version, stripPath, stripQuery = false } = route;
    return { target: httpService({ service, version, stripPath, stripQuery }, given.rpc), service, access: undefined };
  }
  return methodOf(route, httpMethod, given);
}

const BODY_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

function methodOf(route: FileRoute, httpMethod: string, { contracts, rpc }: FileIngredients): Served {
  const [typeName = '', methodName = ''] = (route.call ?? '').split('/');
  const contract = contracts.find(({ grpcServices }) => grpcServices.includes(typeName));
  if (!contract) {
    const why = () => unavailable(`No service that is registered answers ${typeName}`, { reason: 'NO_INSTANCE' });
    return { target: refusing(route, why), service: undefined, access: undefined };
  }
  const method = contract.registry.getService(typeName)?.methods.find(({ name }) => name === methodName);
  if (!method || method.methodKind !== 'unary') {
    const why = () => notFound(`${typeName} has no unary method ${methodName} now`, { reason: 'NO_METHOD' });
    return { target: refusing(route, why), service: contract.service, access: undefined };
  }
  const rule = {
    httpMethod,
    path: route.path,
    body: route.body ?? (BODY_METHODS.has(httpMethod) ? '*' : ''),
    responseBody: route.responseBody ?? '',
  };
  try {
    const made = routeOf(method, rule, contract.registry, { parameters: route.parameters ?? {} });
    const { service } = contract;
    const asked = contractRoute(service, made);
    return { target: contractMethod(asked, rpc), service, access: asked.access };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    // The contract of the day does not fit the file: the other routes are served all the same.
    const why = () => unavailable(`The route does not fit ${route.call}: ${error.message}`, { reason: 'ROUTE_MISFIT' });
    return { target: refusing(route, why), service: contract.service, access: undefined };
  }
}

const refusing = (route: FileRoute, why: () => Error): Target => ({
  title: `method ${route.call}`,
  async handle() {
    throw why();
  },
});
