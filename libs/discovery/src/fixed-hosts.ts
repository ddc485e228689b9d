import type { Directory } from './directory.js';
import type { Instance } from './instance.js';

/** `host:port` of each instance by the name of their service. A name is looked up for each connection, not here. */
export type HostLists = Readonly<Record<string, readonly string[]>>;

/** A directory that knows instances from somebody's configuration too. */
export interface DirectoryWithHosts extends Directory {
  /** Other lists from now on. Whoever follows a service whose list differs is told. */
  use(hosts: HostLists): void;
}

/** Adds what does not register itself: hosts that speak HTTP, always serving, beside the registry's instances. */
export function withFixedHosts(directory: Directory, hosts: HostLists = {}): DirectoryWithHosts {
  return new FixedHosts(directory, hosts);
}

class FixedHosts implements DirectoryWithHosts {
  readonly #directory: Directory;
  readonly #listeners = new Set<(service: string) => void>();
  readonly #merged = new Map<string, readonly Instance[]>();
  readonly #unfollow: () => void;
  #hosts: HostLists = {};
  #fixed: ReadonlyMap<string, readonly Instance[]> = new Map();
  #all: readonly Instance[] | undefined;

  constructor(directory: Directory, hosts: HostLists) {
    this.#directory = directory;
    this.#unfollow = directory.onChange((service) => this.#touch(service)); // the first to know: those told next ask us
    this.use(hosts);
  }

  use(hosts: HostLists): void {
    const before = this.#hosts;
    const services = new Set([...Object.keys(before), ...Object.keys(hosts)]);
    this.#hosts = hosts;
    this.#fixed = new Map(Object.entries(hosts).map(([service, list]) => [service, instancesAt(service, list)]));
    for (const service of services) {
      if (before[service]?.join() === hosts[service]?.join()) continue;
      this.#touch(service);
      for (const listener of this.#listeners) listener(service);
    }
  }

  instances(service: string): readonly Instance[] {
    const fixed = this.#fixed.get(service);
    if (!fixed) return this.#directory.instances(service);
    let merged = this.#merged.get(service);
    if (!merged) this.#merged.set(service, (merged = byId([...this.#directory.instances(service), ...fixed])));
    return merged;
  }

  all(): readonly Instance[] {
    this.#all ??= byId([...this.#directory.all(), ...[...this.#fixed.values()].flat()]);
    return this.#all;
  }

  onChange(listener: (service: string) => void): () => void {
    this.#listeners.add(listener);
    const unfollow = this.#directory.onChange(listener);
    return () => {
      this.#listeners.delete(listener);
      unfollow();
    };
  }

  contract(hash: string): Promise<Uint8Array> {
    return this.#directory.contract(hash);
  }

  ready(withinMs: number): Promise<boolean> {
    return this.#directory.ready(withinMs);
  }

  /** The registry's alone. */
  status(): ReturnType<Directory['status']> {
    return this.#directory.status();
  }

  close(): void {
    this.#unfollow();
    this.#listeners.clear();
    this.#directory.close();
  }

  #touch(service: string): void {
    this.#merged.delete(service);
    this.#all = undefined;
  }
}

const byId = (instances: Instance[]): readonly Instance[] => instances.sort((a, b) => (a.id < b.id ? -1 : 1));

const instancesAt = (service: string, hosts: readonly string[]): readonly Instance[] =>
  [...new Set(hosts)].map((address) => ({
    id: `${service}@${address}`,
    service,
    version: '',
    address,
    protocol: 'http',
    state: 'SERVING',
    zone: '',
    weight: 100,
    metadata: {},
    contractHash: '',
    grpcServices: [],
    grpcMethods: [],
    tags: [],
  }));
