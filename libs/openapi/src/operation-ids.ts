import type { ApiRoute } from './api-route.js';

/**
 * A name for each route that no other has, from which generators of clients make the name of a function:
 * `BlogService_CreatePost`, `BlogService_GetPost_2` for a second form. With the package when two services have one name.
 */
export function operationIdsOf(routes: readonly ApiRoute[]): ReadonlyMap<ApiRoute, string> {
  const services = new Map<string, Set<string>>();
  for (const { binding } of routes) {
    const { name, typeName } = binding.method.parent;
    services.set(name, (services.get(name) ?? new Set()).add(typeName));
  }
  const forms = new Map<string, number>();
  return new Map(
    routes.map((route) => {
      const { name, parent } = route.binding.method;
      const isAlone = services.get(parent.name)?.size === 1;
      const id = `${isAlone ? parent.name : parent.typeName.replaceAll('.', '_')}_${name}`;
      const form = (forms.get(id) ?? 0) + 1;
      forms.set(id, form);
      return [route, form === 1 ? id : `${id}_${form}`];
    }),
  );
}
