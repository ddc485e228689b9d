import type { InForce } from '../policies/policy.js';
import type { Route } from './route.js';
import type { RouteTable } from './route-table.js';

/** A route as operators see it. */
export interface RouteSummary {
  readonly name: string;
  readonly source: Route['source'];
  /** Absent: any. */
  readonly host?: string;
  readonly method: string;
  readonly path: string;
  /** What a request must have besides: `header x-canary is "yes"`. */
  readonly conditions: readonly string[];
  /** What answers: `method trellis.blog.v1.BlogService/GetPost`, `service shop`, `redirect /new`. */
  readonly target: string;
  /** Service that is called, which is the upstream's name as well. */
  readonly service?: string;
  /** In the order in which a request meets them. */
  readonly policies: readonly InForce[];
  /** Why its requests are refused now. */
  readonly problem?: string;
}

export function summaryOf(route: Route, host: string | undefined): RouteSummary {
  const { facts, source, httpMethod, template, conditions = [], target, pipeline, problem } = route;
  const { name, service } = facts;
  return {
    name,
    source,
    ...(host !== undefined && { host }),
    method: httpMethod,
    path: template.text,
    conditions: conditions.map(({ text }) => text),
    target: target.title,
    ...(service !== undefined && { service }),
    policies: pipeline.policies,
    ...(problem !== undefined && { problem }),
  };
}

/** Every route, those that are asked first first. */
export const summariesOf = ({ layers }: RouteTable): RouteSummary[] =>
  layers.flatMap(({ host, routes }) => routes.map((route) => summaryOf(route, host)));
