import { notFound, unavailable } from '@trellis/errors';
import type { Rpc } from '@trellis/rpc';
import { createRouter, parsePathTemplate, shapeOf } from '@trellis/transcoding';
import { methodNotAllowed } from '../http-refusal.js';
import { type Settings, pipelineOf } from '../policies/pipeline.js';
import type { RouteFacts, Tools } from '../policies/policy.js';
import { contractMethod } from '../targets/contract-method.js';
import type { LiveContract } from './contract-follower.js';
import type { ContractRoute } from './contract-routes.js';
import type { Route, Target } from './route.js';
import { type Layer, RouteTable } from './route-table.js';

/** What a table is made of. */
export interface Ingredients {
  /** In the order in which they may claim routes. */
  readonly contracts: readonly LiveContract[];
  /** The routes of the file, and those that are built in: most important first. */
  readonly layers: readonly Layer[];
  /** Hosts of the contracts' own routes; any when absent. */
  readonly contractHosts: readonly string[] | undefined;
  /** What holds for every route that says nothing else. */
  readonly defaults: Settings;
  /** Whether everything that is registered is known. */
  readonly complete: () => boolean;
}

export interface Built {
  readonly table: RouteTable;
  /** Services whose routes are in it. */
  readonly routed: ReadonlySet<string>;
  /** Services whose routes are not, and why. */
  readonly leftOut: ReadonlyMap<string, unknown>;
}

export function buildTable(given: Ingredients, tools: Tools, rpc: Rpc): Built {
  const { contracts, defaults, layers, contractHosts, complete } = given;
  const leftOut = new Map<string, unknown>();
  const routed = new Set<string>();
  const accepted: Route[] = [];
  const claimed = new Map<string, Route>();
  for (const { service, routes } of contracts) {
    try {
      const more = routes.map((route) => contractsOwn(route, defaults, tools, rpc));
      claim(claimed, more);
      accepted.push(...more);
      routed.add(service);
    } catch (error) {
      leftOut.set(service, error);
    }
  }
  const own = (contractHosts ?? [undefined]).map((host) => ({ host, routes: accepted }));
  const table: RouteTable = new RouteTable(
    [...layers, ...own],
    noRoute(() => table, complete, defaults, tools),
  );
  return { table, routed, leftOut };
}

/** Notes all of them; or none, and throws ContractError, when another service has one. Looks at each route once. */
function claim(claimed: Map<string, Route>, routes: readonly Route[]): void {
  const keyed = routes.map((route) => [`${route.httpMethod} ${shapeOf(route.template)}`, route] as const);
  for (const [key, route] of keyed) {
    const other = claimed.get(key);
    if (other) createRouter([other, route]); // throws, and says which two they are
  }
  createRouter(routes); // throws when one service has two
  for (const [key, route] of keyed) claimed.set(key, route);
}

function contractsOwn(route: ContractRoute, defaults: Settings, tools: Tools, rpc: Rpc): Route {
  const { httpMethod, template, service, access } = route;
  const facts: RouteFacts = { name: template.text, id: template.text, httpMethod, service, access };
  return prepared(
    { httpMethod, template, facts, source: 'contract', target: contractMethod(route, rpc) },
    defaults,
    {},
    tools,
  );
}

/** A route with the policies that hold for it. */
export function prepared(route: Omit<Route, 'pipeline'>, defaults: Settings, own: Settings, tools: Tools): Route {
  return { ...route, pipeline: pipelineOf(route.facts, defaults, own, tools) };
}

const EVERYTHING = parsePathTemplate('/**');

/**
 * What no route takes is refused with all that `defaults` set: limits hold for it, logs tell of it, and pages that may call
 * can read that there is nothing.
 */
function noRoute(table: () => RouteTable, complete: () => boolean, defaults: Settings, tools: Tools): Route {
  const target: Target = {
    title: 'no route',
    async handle(exchange) {
      if (exchange.fault) throw exchange.fault;
      const found = table().find(exchange);
      if (found.kind === 'method') throw methodNotAllowed(found.allowed);
      if (!complete()) throw unavailable('The gateway is still learning its routes', { reason: 'ROUTES_UNKNOWN' });
      throw notFound('No service has this path', { reason: 'NO_ROUTE' });
    },
  };
  const facts: RouteFacts = { name: '', id: '', httpMethod: '*', service: undefined, access: undefined };
  return prepared(
    { httpMethod: '*', template: EVERYTHING, facts, source: 'built-in', target },
    defaults,
    { auth: false },
    tools,
  );
}
