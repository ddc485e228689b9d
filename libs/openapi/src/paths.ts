import type { ApiRoute } from './api-route.js';
import { METHODS, type Method, type Operation, type Parameter, type PathItem } from './document.js';
import { operationOf } from './operation.js';
import { type OpenApiPath, openApiPath, pathShape, pathText, slotsOf } from './path.js';
import { pathParameter } from './parameters.js';
import type { Refer } from './value/single-value.js';

interface Placed {
  readonly route: ApiRoute;
  readonly path: OpenApiPath;
}

/** All paths with their operations. `operationIds` names each route. */
export function pathItems(
  routes: readonly ApiRoute[],
  operationIds: ReadonlyMap<ApiRoute, string>,
  refer: Refer,
): Record<string, PathItem> {
  const placed = routes.map((route): Placed => ({ route, path: openApiPath(route.binding) }));
  const items = [...Map.groupBy(placed, ({ path }) => pathShape(path)).values()].map((alike) => {
    const names = slotNames(alike.map(({ path }) => path));
    const [first] = alike;
    const key = first ? pathText(first.path, (_, index) => names[index] ?? '') : '';
    return [key, pathItem(alike, names, operationIds, refer)] as const;
  });
  return Object.fromEntries(items);
}

/**
 * `GET /v1/posts/{id}` and `PATCH /v1/posts/{post.id}` are one path, whose parts have one name each for all its operations:
 * the shortest that a template has for them.
 */
function slotNames(paths: readonly OpenApiPath[]): string[] {
  const [first] = paths.map(slotsOf);
  const taken = new Set<string>();
  return (first ?? []).map((_, index) => {
    const wanted = paths.flatMap((path) => slotsOf(path)[index]?.name ?? []);
    const best = wanted.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1)).find((name) => !taken.has(name));
    const name = best ?? `segment${index + 1}`;
    taken.add(name);
    return name;
  });
}

function pathItem(
  alike: readonly Placed[],
  names: readonly string[],
  operationIds: ReadonlyMap<ApiRoute, string>,
  refer: Refer,
): PathItem {
  const operations: { [M in Method]?: Operation } = {};
  const others: Record<string, Operation> = {};
  for (const [method, candidates] of Map.groupBy(alike, ({ route }) => methodOf(route))) {
    const [chosen, ...rest] = candidates.toSorted((a, b) => precedence(a) - precedence(b));
    if (!chosen) continue;
    const pathParameters = slotsOf(chosen.path).map((slot, index): Parameter =>
      pathParameter(slot, names[index] ?? '', refer),
    );
    const operation = operationOf(chosen.route, {
      operationId: operationIds.get(chosen.route) ?? '',
      pathParameters,
      refer,
      shadowed: rest.map(({ route }) => titleOf(route)),
    });
    if (isMethod(method)) operations[method] = operation;
    else others[method.toUpperCase()] = operation;
  }
  return { ...operations, ...(Object.keys(others).length > 0 && { 'x-additional-operations': others }) };
}

/** Of routes that OpenAPI cannot tell apart the one that most requests find: without a condition, by its own method, not `**`. */
const precedence = ({ route, path }: Placed): number =>
  (route.conditions?.length ? 4 : 0) +
  (slotsOf(path).some(({ kind }) => kind === 'rest') ? 2 : 0) +
  (route.binding.httpMethod === '*' ? 1 : 0);

/** A route for any method is shown under the one by which it would be called. */
const methodOf = ({ binding: { httpMethod, body } }: ApiRoute): string =>
  httpMethod === '*' ? (body ? 'post' : 'get') : httpMethod.toLowerCase();

const isMethod = (method: string): method is Method => METHODS.some((each) => each === method);

const titleOf = ({ binding: { method, template } }: ApiRoute): string =>
  `${method.parent.typeName}/${method.name} (${template.text})`;
