import type { WatchResponse } from '@trellis/contracts/registry/v1';
import { unavailable } from '@trellis/errors';
import { CacheFile } from './cache-file.js';
import { ContractCache } from './contract-cache.js';
import type { Directory, DirectoryStatus, WatchOptions } from './directory.js';
import { holdStream } from './hold-stream.js';
import type { Instance } from './instance.js';
import { KnownInstances } from './known-instances.js';
import { type Outcome, reconnect } from './reconnect.js';
import { RegistryClient } from './registry-client.js';
import type { SavedList } from './saved-list.js';

/** How often instances that nobody confirmed are looked through, in milliseconds. */
const PRUNE_INTERVAL_MS = 5_000;
/** How long a list from the disk waits for a better one, in milliseconds; not so long when the registry refuses at once. */
const CACHE_PATIENCE_MS = 1_000;

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
  /** Settled when waiting for a better list than the present one is over. */
  readonly #waited = Promise.withResolvers<void>();
  readonly #pruning: NodeJS.Timeout;
  readonly #cache: CacheFile | undefined;
  #source: DirectoryStatus['source'] = 'none';
  #connectedSince: number | undefined;
  #client: RegistryClient | undefined;

  constructor(options: WatchOptions) {
    const { cacheFile: path, logger } = options;
    this.#options = options;
    this.#cache = path === undefined ? undefined : new CacheFile({ path, logger, list: () => this.#savedList() });
    this.#restore();
    this.#pruning = setInterval(() => this.#prune(), PRUNE_INTERVAL_MS);
    void reconnect({
      purpose: 'watch',
      connect: (signal) => this.#follow(signal),
      signal: this.#closed.signal,
      logger,
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
    const patience = this.#source === 'cache' ? Math.min(withinMs, CACHE_PATIENCE_MS) : withinMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience)));
    await Promise.race([this.#waited.promise, late]);
    clearTimeout(timer);
    return this.#source !== 'none';
  }

  status(): DirectoryStatus {
    const { epoch = '', revision = 0n } = this.#known.position ?? {};
    return {
      source: this.#source,
      connectedSince: this.#connectedSince,
      epoch,
      revision,
      instances: this.#known.all().length,
      unconfirmed: this.#known.unconfirmed,
    };
  }

  close(): void {
    clearInterval(this.#pruning);
    this.#closed.abort();
    this.#listeners.clear();
    this.#waited.resolve(); // nobody waits for what cannot come any more
    this.#cache?.close();
  }

  /** One watch stream, from its first message to its end: it goes on where the last one ended, if the registry can. */
  #follow(signal: AbortSignal): Promise<Outcome> {
    const { address, credential, logger } = this.#options;
    const client = new RegistryClient(address, credential);
    return holdStream<WatchResponse>(client.watch(this.#known.position), signal, {
      // Before anybody is told of an instance: who hears of it may ask for its contract at once.
      onFirst: ({ epoch, message }) => {
        this.#client = client;
        this.#connectedSince = Date.now();
        logger.info({ address, epoch, resumed: message.case === 'resumed' }, 'watching the registry');
      },
      onMessage: (response) => this.#take(response),
      onEnd: () => {
        this.#client = undefined;
        this.#connectedSince = undefined;
        client.close();
        if (this.#source === 'cache') this.#waited.resolve();
      },
    });
  }

  #take(response: WatchResponse): void {
    const changed = this.#known.apply(response, performance.now());
    this.#source = 'registry';
    this.#tell(changed);
    if (!response.more) this.#waited.resolve();
    if (response.message.case !== 'resumed') this.#cache?.changed();
  }

  #prune(): void {
    const changed = this.#known.prune(performance.now());
    this.#tell(changed);
    if (changed.size > 0) this.#cache?.changed();
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
    const contract = await this.#client.contract(hash);
    this.#cache?.changed();
    return contract;
  }

  #restore(): void {
    const saved = this.#cache?.read(Date.now());
    if (!saved) return;
    for (const [hash, bytes] of saved.contracts.toReversed()) this.#contracts.put(hash, bytes);
    const remembered = saved.instances.map((one) => ({ ...one, seenAt: one.seenAt - performance.timeOrigin }));
    this.#known.restore(saved.epoch, remembered, performance.now());
    if (remembered.length === 0) return;
    this.#source = 'cache';
    this.#options.logger.info(
      { file: this.#options.cacheFile, instances: remembered.length },
      'begins with the list of instances on the disk',
    );
  }

  #savedList(): SavedList {
    const remembered = this.#known.remember(performance.now());
    return {
      epoch: this.#known.position?.epoch ?? '',
      instances: remembered.map((one) => ({ ...one, seenAt: one.seenAt + performance.timeOrigin })),
      contracts: this.#contracts.held(),
    };
  }
}
