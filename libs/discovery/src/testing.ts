import { notFound } from '@trellis/errors';
import type { Directory, DirectoryStatus } from './directory.js';
import type { Instance } from './instance.js';

/** A directory that a spec fills by hand. */
export class ManualDirectory implements Directory {
  /** What `status` says; anything but the registry stands for one that is away. */
  source: DirectoryStatus['source'] = 'registry';
  /** Descriptor sets by hash, for `contract`. */
  readonly contracts = new Map<string, Uint8Array>();
  readonly #listeners = new Set<(service: string) => void>();
  readonly #first = Promise.withResolvers<boolean>();
  #all: readonly Instance[] = [];
  #byService = new Map<string, readonly Instance[]>();

  /** Replaces everything known, as the first and every later snapshot does. */
  set(...instances: readonly Instance[]): void {
    const services = new Set([...this.#all, ...instances].map(({ service }) => service));
    this.#all = instances;
    this.#byService = Map.groupBy(
      instances.filter(({ state }) => state === 'SERVING'),
      ({ service }) => service,
    );
    this.#first.resolve(true);
    for (const service of services) for (const listener of this.#listeners) listener(service);
  }

  /** Ends the wait for a registry that never answers. */
  giveUp(): void {
    this.#first.resolve(false);
  }

  instances(service: string): readonly Instance[] {
    return this.#byService.get(service) ?? [];
  }

  all(): readonly Instance[] {
    return this.#all;
  }

  onChange(listener: (service: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async contract(hash: string): Promise<Uint8Array> {
    const contract = this.contracts.get(hash);
    if (!contract) throw notFound(`No contract ${hash}`);
    return contract;
  }

  ready(): Promise<boolean> {
    return this.#first.promise;
  }

  status(): DirectoryStatus {
    const connectedSince = this.source === 'registry' ? 0 : undefined;
    const instances = this.#all.length;
    return { source: this.source, connectedSince, epoch: 'manual', revision: 0n, instances, unconfirmed: 0 };
  }

  close(): void {
    this.#listeners.clear();
  }
}

/** A serving instance of the service at the address, but for the changes. */
export const instanceAt = (service: string, address: string, changes: Partial<Instance> = {}): Instance => ({
  id: `${service}-${address}`,
  service,
  version: '1.0.0',
  address,
  protocol: 'grpc',
  state: 'SERVING',
  zone: '',
  weight: 100,
  metadata: {},
  contractHash: '',
  grpcServices: [],
  grpcMethods: [],
  tags: [],
  ...changes,
});
