import type { DirectoryWithHosts } from '@trellis/discovery';
import type { CallPolicies, Rpc } from '@trellis/rpc';
import type { Routing } from './data-plane/routing/routing.js';
import { callPoliciesOf, hostsOf } from './file/upstreams.js';
import type { GatewayFile } from './file/gateway-file.js';

export interface Parts {
  readonly routing: Routing;
  readonly rpc: Rpc;
  /** Whose fixed hosts are those of the file. */
  readonly hosts: DirectoryWithHosts;
  /** What the file of call policies says, under what the gateway's own file does. */
  readonly callPolicies: CallPolicies;
}

/**
 * Puts a configuration in force, all of it before the next request is looked at. Throws, and has changed nothing, when its
 * routes cannot be made.
 */
export function putInForce(file: GatewayFile, { routing, rpc, hosts, callPolicies }: Parts): void {
  routing.use(file);
  rpc.use(callPoliciesOf(callPolicies, file));
  hosts.use(hostsOf(file));
}
