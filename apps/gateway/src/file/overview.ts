import type { FileRoute } from './file-route.js';
import type { GatewayFile } from './gateway-file.js';
import { methodsOf } from './same-requests.js';
import { POLICIES } from '../data-plane/policies/pipeline.js';

/** What a file defines, for people. */
export interface Overview {
  readonly routes: readonly {
    readonly hosts: readonly string[];
    readonly methods: readonly string[];
    readonly path: string;
    readonly target: string;
    /** Names of those that the route itself sets; with a minus when it leaves one out. */
    readonly policies: readonly string[];
  }[];
  readonly upstreams: readonly {
    readonly name: string;
    /** Empty: those that register. */
    readonly addresses: readonly string[];
    readonly strategy?: string;
    /** Milliseconds. */
    readonly timeouts: Readonly<Record<string, number>>;
  }[];
  /** As those of the routes. */
  readonly defaults: readonly string[];
}

export function overviewOf({ routes, upstreams, defaults }: GatewayFile): Overview {
  return {
    routes: routes.map((route) => ({
      hosts: route.hosts ?? [],
      methods: methodsOf(route),
      path: route.path,
      target: targetOf(route),
      policies: policiesOf(route),
    })),
    upstreams: Object.entries(upstreams).map(([name, upstream]) => {
      const { addresses = [], strategy, connectTimeout, readTimeout, writeTimeout, timeout } = upstream;
      const timeouts = Object.entries({ connectTimeout, readTimeout, writeTimeout, timeout });
      const set = timeouts.filter((entry): entry is [string, number] => entry[1] !== undefined);
      return { name, addresses, ...(strategy && { strategy }), timeouts: Object.fromEntries(set) };
    }),
    defaults: policiesOf(defaults),
  };
}

function targetOf({ call, service, version, redirect }: FileRoute): string {
  if (call !== undefined) return `method ${call}`;
  if (service !== undefined) return `service ${service}${version === undefined ? '' : ` ${version}`}`;
  return `redirect ${redirect?.status} ${redirect?.to}`;
}

const policiesOf = (given: Readonly<Record<string, unknown>>): string[] =>
  POLICIES.flatMap(({ name }) => (given[name] === undefined ? [] : [given[name] === false ? `-${name}` : name]));
