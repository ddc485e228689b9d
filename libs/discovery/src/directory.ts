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
  /** Whether there is a list, from the registry or from the disk, waiting up to `withinMs` milliseconds for it. */
  ready(withinMs: number): Promise<boolean>;
  status(): DirectoryStatus;
  /** Ends the watch, and writes the cache file if it is behind. */
  close(): void;
}

/** What the list is worth, for health and metrics. */
export interface DirectoryStatus {
  /** "cache": the list is the one from the disk, and no registry has been heard since this process started. */
  readonly source: 'none' | 'cache' | 'registry';
  /** Epoch milliseconds since when the present watch works; undefined while the registry is away. */
  readonly connectedSince: number | undefined;
  /** Of the last message that was understood; an empty epoch when there was none. */
  readonly epoch: string;
  readonly revision: bigint;
  readonly instances: number;
  /** How many of them are only remembered: the followed epoch has not listed them. */
  readonly unconfirmed: number;
}

export interface WatchOptions {
  /** `host:port` of the registry's gRPC. */
  readonly address: string;
  readonly credential: string;
  readonly logger: Logger;
  /**
   * Where the last good list is kept for the next start, with the contracts that were asked for. Processes may share it:
   * it is replaced as a whole. Absent: the list is in memory alone.
   */
  readonly cacheFile?: string;
  /** Numbers in [0, 1) for the jitter of reconnects. */
  readonly random?: () => number;
}
