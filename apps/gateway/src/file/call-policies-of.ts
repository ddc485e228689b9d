import type { CallPolicies } from '@trellis/rpc';
import type { GatewayFile } from './gateway-file.js';

/** How the gateway calls services: what a file of call policies says, and over it what the gateway's own file does. */
export function callPoliciesOf({ defaults, services = {} }: CallPolicies, { upstreams }: GatewayFile): CallPolicies {
  const merged = { ...services };
  for (const [name, { addresses: _, health: __, ...policy }] of Object.entries(upstreams)) {
    merged[name] = { ...merged[name], ...policy };
  }
  return { ...(defaults && { defaults }), services: merged };
}
