import { parsePathTemplate, shapeOf } from '@trellis/transcoding';
import type { FileRoute } from './file-route.js';

/** A route that never gets a request, and the one that gets them all before it. */
export interface Shadowed {
  readonly at: number;
  readonly by: number;
  /** For people: `GET blog.example.com/posts/*`. */
  readonly requests: string;
}

/** Routes with the same host, method, path and conditions as one before them. */
export function shadowed(routes: readonly FileRoute[]): Shadowed[] {
  const first = new Map<string, number>();
  return routes.flatMap((route, at): Shadowed[] => {
    const all = requestsOf(route);
    const taken = all.find((requests) => first.has(requests));
    for (const requests of all) if (!first.has(requests)) first.set(requests, at);
    const by = taken === undefined ? undefined : first.get(taken);
    return taken === undefined || by === undefined ? [] : [{ at, by, requests: taken }];
  });
}

function requestsOf(route: FileRoute): string[] {
  const conditions = [route.headers, route.query].map(inOrder);
  const when = conditions.every((condition) => condition === '[]') ? '' : ` when ${conditions.join(' and ')}`;
  const shape = shapeOf(parsePathTemplate(route.path));
  return methodsOf(route).flatMap((method) => (route.hosts ?? ['']).map((host) => `${method} ${host}${shape}${when}`));
}

/** A contract's method is called as what it does; everything else takes any method. */
export const methodsOf = ({ methods, call }: Pick<FileRoute, 'methods' | 'call'>): readonly string[] =>
  methods ?? (call === undefined ? ['*'] : ['POST']);

/** The same text for the same conditions, in whatever order they stand. */
const inOrder = (conditions: object = {}): string =>
  JSON.stringify(Object.entries(conditions).sort(([a], [b]) => (a < b ? -1 : 1)));
