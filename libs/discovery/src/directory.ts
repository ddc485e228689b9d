import type { WatchResponse } from '@trellis/contracts/registry/v1';
import { unavailable } from '@trellis/errors';
import { ContractCache } from './contract-cache.js';
import { holdStream } from './hold-stream.js';
import type { Instance } from './instance.js';
import { KnownInstances } from './known-instances.js';
import type { Logger } from './logger.js';
import { type Outcome, reconnect } from './reconnect.js';
import { RegistryClient } from './registry-client.js';

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

/** How often instances that nobody confirmed are looked through, in milliseconds. */
const PRUNE_INTERVAL_MS = 5_000;

/** Follows the registry until closed. When the registry is gone, the last good list stays. */
export function watchRegistry(options: WatchOptions): Directory {
  return new WatchedDirectory(options);
}

class WatchedDirectory implements Directory {
  readonly #options: WatchOptions;
  readonly #known = new KnownInstances();
  readonly #contracts = new ContractCache((hash) => this.#fetchContract(hash));
  readonly #listeners = new Set<(service: string) => void>();
  readonly #closed = new AbortController();
  readonly #firstSnapshot = Promise.withResolvers<void>();
  readonly #pruning: NodeJS.Timeout;
  #ready = false;
  #client: RegistryClient | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#pruning = setInterval(() => this.#tell(this.#known.prune(performance.now())), PRUNE_INTERVAL_MS);
    void reconnect({
      purpose: 'watch',
      connect: (signal) => this.#follow(signal),
      signal: this.#closed.signal,
      logger: options.logger,
      random: options.random ?? Math.random,
    });
  }

  instances(service: string): readonly Instance[] {
    return this.#known.callable(service);
  }

  all(): readonly Instance[] {
    return this.#known.all();
  }

  onChange(listener: (service: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  contract(hash: string): Promise<Uint8Array> {
    return this.#contracts.get(hash);
  }

  async ready(withinMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.#firstSnapshot.promise, late]);
    clearTimeout(timer);
    return this.#ready;
  }

  close(): void {
    clearInterval(this.#pruning);
    this.#closed.abort();
    this.#listeners.clear();
    this.#firstSnapshot.resolve(); // nobody waits for what cannot come any more
  }

  /** One watch stream, from its snapshot to its end. */
  #follow(signal: AbortSignal): Promise<Outcome> {
    const { address, credential, logger } = this.#options;
    const client = new RegistryClient(address, credential);
    return holdStream<WatchResponse>(client.watch(), signal, {
      // Before anybody is told of an instance: who hears of it may ask for its contract at once.
      onFirst: ({ epoch }) => {
        this.#client = client;
        logger.info({ address, epoch }, 'watching the registry');
      },
      onMessage: (response) => {
        this.#tell(this.#known.apply(response, performance.now()));
        this.#ready = true;
        this.#firstSnapshot.resolve();
      },
      onEnd: () => {
        this.#client = undefined;
        client.close();
      },
    });
  }

  #tell(changed: ReadonlySet<string>): void {
    for (const service of changed) {
      for (const listener of this.#listeners) {
        try {
          listener(service);
        } catch (error) {
          this.#options.logger.error({ err: error, service }, 'a listener of the directory failed');
        }
      }
    }
  }

  async #fetchContract(hash: string): Promise<Uint8Array> {
    if (!this.#client) throw unavailable('The registry cannot be reached', { reason: 'REGISTRY_UNREACHABLE' });
    return this.#client.contract(hash);
  }
}
