import { createRouter, shapeOf } from '@trellis/transcoding';
import { isPlainPath } from '../target.js';
import type { RequestHead, Route } from './route.js';
import { type RouteTable, isWithin } from './route-table.js';
import { type RouteSummary, summaryOf } from './summary.js';

/** Why a request takes the route that it takes, or none. */
export interface Explanation {
  /** 404: no route. 405: none with this method. 400: no path that could be routed. Undefined: the route decides. */
  readonly refused?: 400 | 404 | 405;
  readonly route?: RouteSummary;
  /** Values of the path's variables, still percent-encoded. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Routes that could have been meant. */
  readonly others: readonly { readonly route: RouteSummary; readonly why: string }[];
}

/** Of routes that do not fit only the nearest are worth a look. */
const MOST_OTHERS = 5;

/** What `find` of the table does with a request, told to people. It looks at every route, so it is for operators. */
export function explain(table: RouteTable, request: RequestHead): Explanation {
  if (!isPlainPath(request.path)) return { refused: 400, others: [] };
  const found = table.find(request);
  const taken = found.kind === 'found' ? found.route : undefined;
  const misses = missesOf(table, request, taken);
  const others = misses.slice(0, MOST_OTHERS).map(({ route, host, why }) => ({ route: summaryOf(route, host), why }));
  if (found.kind !== 'found') return { refused: found.kind === 'method' ? 405 : 404, others };
  const { route, captures } = found;
  const variables = Object.fromEntries(route.template.variables.map(({ field }, at) => [field, captures[at] ?? '']));
  return { route: summaryOf(route, layerOf(table, route, request.host)?.host), variables, others };
}

/** The layer in which the request found it: a route may stand in those of several hosts. */
const layerOf = ({ layers }: RouteTable, route: Route, requested: string) =>
  layers.find(({ host, routes }) => isWithin(requested, host) && routes.includes(route));

interface Miss {
  readonly route: Route;
  readonly host: string | undefined;
  readonly why: string;
  /** How far it is from fitting: 0 for one that fits and is not asked. */
  readonly distance: number;
}

function missesOf(table: RouteTable, request: RequestHead, taken: Route | undefined): Miss[] {
  const takenFrom = taken && layerOf(table, taken, request.host);
  const misses = table.layers.flatMap((layer) =>
    layer.routes.flatMap((route): Miss[] => {
      if (route === taken) return [];
      const reasons = [...mismatches(route, layer.host, request)];
      const why = reasons.map(({ text }) => text).join(', ') || unasked(route, taken, layer === takenFrom);
      return [{ route, host: layer.host, why, distance: reasons.reduce((sum, { distance }) => sum + distance, 0) }];
    }),
  );
  // Once a route is taken, another path is no news; without one it may be a mistyped one.
  const farthest = taken ? OTHER_PATH : MISTYPED_PATH;
  return misses.filter(({ distance }) => distance < farthest).sort((a, b) => a.distance - b.distance);
}

function unasked(route: Route, taken: Route | undefined, sameLayer: boolean): string {
  if (!sameLayer || !taken) return 'fits too, but is asked later';
  if (shapeOf(route.template) !== shapeOf(taken.template)) return 'fits too, but its path is less specific';
  if (route.httpMethod !== taken.httpMethod) return 'fits too, but is not for this very method';
  return route.conditions ? 'fits too, but stands after it' : 'fits too, but has no conditions';
}

interface Mismatch {
  readonly text: string;
  readonly distance: number;
}

/** How much farther away a route is with another path than with another method. */
const OTHER_PATH = 10;
/** One that is alike by two fifths. */
const MISTYPED_PATH = 16;

function* mismatches(route: Route, host: string | undefined, request: RequestHead): Generator<Mismatch> {
  const { httpMethod, conditions = [] } = route;
  const methods = request.httpMethod === 'HEAD' ? ['HEAD', 'GET', '*'] : [request.httpMethod, '*'];
  if (!isWithin(request.host, host)) yield { text: `is for ${host}`, distance: 2 };
  if (!pathFits(route, request.path)) yield { text: 'has another path', distance: pathDistance(route, request.path) };
  if (!methods.includes(httpMethod)) yield { text: `takes ${httpMethod}`, distance: 1 };
  for (const { text, fits } of conditions) if (!fits(request)) yield { text: `asks that ${text}`, distance: 1 };
}

const pathFits = ({ template }: Route, path: string): boolean =>
  createRouter([{ httpMethod: '*', template }]).match('GET', path).kind === 'found';

/** From just above `OTHER_PATH` for one letter mistyped to its double for nothing in common. */
function pathDistance({ template }: Route, path: string): number {
  const given = path.slice(1).split('/');
  const { segments } = template;
  const likeness = segments.map((segment, at) => {
    const other = given[at];
    if (other === undefined) return 0;
    return segment.kind === 'literal' ? inCommon(segment.text, other) : 0.5; // that a value is there says little
  });
  const alike = likeness.reduce((sum, each) => sum + each, 0) / Math.max(given.length, segments.length);
  return OTHER_PATH * (2 - alike);
}

/** Share of two texts that is the same from the beginning on. */
function inCommon(a: string, b: string): number {
  const longer = Math.max(a.length, b.length);
  let same = 0;
  while (same < longer && a[same] === b[same]) same += 1;
  return longer === 0 ? 1 : same / longer;
}
