import type { HostLists } from '@trellis/discovery';
import type { CallPolicies } from '@trellis/rpc';
import type { GatewayFile } from './gateway-file.js';

type Upstreams = Pick<GatewayFile, 'upstreams'>;

/** How the gateway calls services: what a file of call policies says, and over it what the gateway's own file does. */
export function callPoliciesOf({ defaults, services = {} }: CallPolicies, { upstreams }: Upstreams): CallPolicies {
  const merged = { ...services };
  for (const [name, { addresses: _, ...policy }] of Object.entries(upstreams)) {
    merged[name] = { ...merged[name], ...policy };
  }
  return { ...(defaults && { defaults }), services: merged };
}

/** Where the services are that do not register. */
export function hostsOf({ upstreams }: Upstreams): HostLists {
  return Object.fromEntries(
    Object.entries(upstreams).flatMap(([name, { addresses }]) => (addresses ? [[name, addresses]] : [])),
  );
}
