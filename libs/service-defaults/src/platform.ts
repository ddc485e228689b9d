import type { Directory } from '@trellis/discovery';
import type { Rpc } from '@trellis/rpc';
import type { Logger } from '@trellis/telemetry';
import type { HealthChecks } from './health-checks.js';
import type { ServiceIdentity } from './service-identity.js';

/** Injection tokens of what is an interface: `@Inject(RPC) private readonly rpc: Rpc`. */
export const LOGGER = Symbol('Logger');
export const DIRECTORY = Symbol('Directory');
export const RPC = Symbol('Rpc');

/** What a service that stands alone gets. Each part is injectable in every module as well. */
export interface Basics {
  readonly identity: ServiceIdentity;
  readonly logger: Logger;
  readonly health: HealthChecks;
}

/** What a service of the platform gets. */
export interface Platform extends Basics {
  readonly directory: Directory;
  readonly rpc: Rpc;
}
