import { type Picker, type Strategy, roundRobin } from '@trellis/balancing';
import type { Directory, Instance } from '@trellis/discovery';

/** One gRPC service of one registered service: the instances that answer it, and who is next. */
interface Pool {
  readonly service: string;
  readonly strategy: Strategy;
  /** What the picker was made from; the directory gives another array when something changed. */
  listed: readonly Instance[];
  picker: Picker<Instance>;
}

/** Picks instances from the directory. What can be prepared is prepared when the directory changes, not per call. */
export class Selection {
  readonly #directory: Directory;
  readonly #pools = new Map<string, Pool>();

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /**
   * An instance of `service` whose contract has the gRPC service of `path` and that is not among `tried`; undefined when
   * there is none. Waits up to `withinMs` only while the directory has never heard from the registry: then an empty list
   * means nothing.
   */
  async pick(
    service: string,
    path: string,
    tried: readonly Instance[],
    withinMs: number,
  ): Promise<Instance | undefined> {
    const picked = this.#pick(service, path, tried);
    if (picked || tried.length > 0) return picked;
    await this.#directory.ready(withinMs);
    return this.#pick(service, path, tried);
  }

  /** Forgets pools of a service that has nobody left, so that there are never more of them than live contracts. */
  forget(service: string): void {
    if (this.#directory.instances(service).length > 0) return;
    for (const [name, pool] of this.#pools) if (pool.service === service) this.#pools.delete(name);
  }

  #pick(service: string, path: string, tried: readonly Instance[]): Instance | undefined {
    const listed = this.#directory.instances(service);
    if (listed.length === 0) return undefined;
    const grpcService = path.slice(1, path.lastIndexOf('/'));
    let pool = this.#pools.get(grpcService);
    if (pool?.service !== service) {
      const strategy = roundRobin();
      pool = { service, strategy, listed, picker: pickerOf(strategy, listed, grpcService) };
      this.#pools.set(grpcService, pool);
    } else if (pool.listed !== listed) {
      pool.listed = listed;
      pool.picker = pickerOf(pool.strategy, listed, grpcService);
    }
    return pool.picker.pick(tried);
  }
}

const pickerOf = (strategy: Strategy, listed: readonly Instance[], grpcService: string) =>
  strategy.picker(listed.filter((i) => i.protocol === 'grpc' && i.grpcServices.includes(grpcService)));
