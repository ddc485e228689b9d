import { ContractError } from './contract-error.js';
import { shapeOf } from './path-template.js';
import type { RequestOf, Routable } from './routable.js';

/** The routes of one template. */
export class Candidates<R extends Routable> {
  /** In the order in which they are asked: the one without a condition is last. */
  readonly #byMethod = new Map<string, R[]>();

  /** Throws ContractError when it would answer the same requests as one that is there. */
  add(route: R): void {
    const routes = this.#byMethod.get(route.httpMethod) ?? [];
    this.#byMethod.set(route.httpMethod, routes);
    const last = routes.at(-1);
    const plain = last && !last.accepts ? last : undefined;
    if (plain && !route.accepts) throw conflict(route, plain);
    routes.splice(plain ? routes.length - 1 : routes.length, 0, route);
  }

  choose(httpMethod: string, request: RequestOf<R> | undefined): R | undefined {
    return (
      this.#first(httpMethod, request) ??
      (httpMethod === 'HEAD' ? this.#first('GET', request) : undefined) ??
      this.#first('*', request)
    );
  }

  #first(httpMethod: string, request: RequestOf<R> | undefined): R | undefined {
    const routes = this.#byMethod.get(httpMethod);
    if (routes === undefined) return undefined;
    for (const route of routes) {
      if (!route.accepts || (request !== undefined && route.accepts(request as never))) return route;
    }
    return undefined;
  }
}

function conflict(a: Routable, b: Routable): ContractError {
  const [one, other] = [a, b].map(({ httpMethod, template, owner }) => {
    const name = `${httpMethod} ${template.text}`;
    return owner === undefined ? name : `${name} of ${owner}`;
  });
  return new ContractError(`${one} and ${other} answer the same requests: ${a.httpMethod} ${shapeOf(a.template)}`);
}
