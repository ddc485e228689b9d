import { unavailable } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import { ContractError, parsePathTemplate, routeOf } from '@trellis/transcoding';
import type { FileRoute } from '../../file/file-route.js';
import type { GatewayFile } from '../../file/gateway-file.js';
import { methodsOf } from '../../file/same-requests.js';
import type { Settings } from '../policies/pipeline.js';
import type { Tools } from '../policies/policy.js';
import { contractMethod } from '../targets/contract-method.js';
import { httpService } from '../targets/http-service.js';
import { redirect } from '../targets/redirect.js';
import { prepared } from './build-table.js';
import { conditionsOf } from './condition.js';
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
  const byHost = new Map<string | undefined, Route[]>();
  for (const route of given.file.routes) {
    const routes = routesOf(route, given);
    for (const host of route.hosts ?? [undefined]) byHost.set(host, [...(byHost.get(host) ?? []), ...routes]);
  }
  return [...byHost].map(([host, routes]) => ({ host, routes })).sort((a, b) => rank(a.host) - rank(b.host));
}

/** A host itself comes before those below `*.host`, of which the longest is the most specific. */
function rank(host: string | undefined): number {
  if (host === undefined) return 1_000;
  return host.startsWith('*.') ? 500 - host.length : 0;
}

function routesOf(route: FileRoute, given: FileIngredients): Route[] {
  const template = parsePathTemplate(route.path);
  const conditions = conditionsOf(route);
  const when: Pick<Route, 'accepts' | 'conditions'> =
    conditions.length === 0
      ? {}
      : { conditions, accepts: (request) => conditions.every((condition) => condition.fits(request)) };
  return methodsOf(route).map((httpMethod) => {
    const { target, service, access, problem } = targetOf(route, httpMethod, given);
    const facts = { name: route.name ?? route.path, id: idOf(route), httpMethod, service, access };
    const base = { httpMethod, template, facts, source: 'file' as const, target, ...when, ...(problem && { problem }) };
    return prepared(base, given.defaults, route, given.tools);
  });
}

/** What a request must have to take it, as a text: no two routes have the same. */
function idOf({ hosts, path, headers, query }: FileRoute): string {
  return JSON.stringify([hosts, path, headers, query]);
}

type Served = Pick<Route, 'target' | 'problem'> & Pick<Route['facts'], 'service' | 'access'>;

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
  if (!contract) return refused(route, 'NO_INSTANCE', `no service that is registered answers ${typeName}`);
  const { service, version, registry } = contract;
  const method = registry.getService(typeName)?.methods.find(({ name }) => name === methodName);
  if (!method) return refused(route, 'ROUTE_MISFIT', `${service} ${version} has no ${route.call}`, service);
  const rule: Parameters<typeof routeOf>[1] = {
    pattern: { case: 'custom', value: { kind: httpMethod, path: route.path } },
    body: route.body ?? (BODY_METHODS.has(httpMethod) ? '*' : ''),
    responseBody: route.responseBody ?? '',
  };
  try {
    const made = contractRoute(service, routeOf(method, rule, registry, { parameters: route.parameters ?? {} }));
    return { target: contractMethod(made, rpc), service, access: made.access };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return refused(route, 'ROUTE_MISFIT', `${service} ${version}: ${error.message}`, service);
  }
}

/** The contract of the day does not fit the file: the other routes are served all the same. Why is for operators. */
function refused({ call }: FileRoute, reason: string, problem: string, service?: string): Served {
  const target: Target = {
    title: `method ${call}`,
    async handle() {
      throw unavailable('This cannot be served now', { reason });
    },
  };
  return { target, problem, service, access: undefined };
}
