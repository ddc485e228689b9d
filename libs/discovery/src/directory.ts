import type { Instance } from './instance.js';
import type { Logger } from './logger.js';

/** Who is there, kept up to date in the background. Reading it never waits and never fails. */
export interface Directory {
  /**
   * The service's instances that take calls, ordered by id: the SERVING ones, and only when there is none the SUSPECT
   * ones. The same array until something changes; empty for a service that nobody has seen.
   */
  instances(service: string): readonly Instance[];
  /** Every known instance in any state, ordered by id. */
  all(): readonly Instance[];
  /** Calls the listener with the name of a service after each change of its instances. Returns the way to stop it. */
  onChange(listener: (service: string) => void): () => void;
  /** The descriptor set of a contract, from a bounded cache. Rejects with a ServiceError: NOT_FOUND or UNAVAILABLE. */
  contract(hash: string): Promise<Uint8Array>;
  /** Whether the first snapshot has arrived, waiting up to `withinMs` milliseconds for it. */
  ready(withinMs: number): Promise<boolean>;
  close(): void;
}

export interface WatchOptions {
  /** `host:port` of the registry's gRPC. */
  readonly address: string;
  readonly credential: string;
  readonly logger: Logger;
  /** Numbers in [0, 1) for the jitter of reconnects. */
  readonly random?: () => number;
}

/** Follows the registry until closed. When the registry is gone, the last good list stays. */
export function watchRegistry(_options: WatchOptions): Directory {
  throw new Error('Not built yet');
}
