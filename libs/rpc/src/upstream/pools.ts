import { type Endpoint, type Pool, type PoolOptions, createPool } from '@trellis/balancing';
import type { Instance } from '@trellis/discovery';

/** A method's place in a pool: the instances that take it and nobody else. */
export interface Seat {
  readonly takes: (instance: Instance) => boolean;
  readonly options: Omit<PoolOptions, 'random'>;
  /** Equal for seats whose options are: they may share a pool. */
  readonly kind: string;
  pool: Pool<Instance>;
}

export interface PoolsOptions {
  /** The service's instances that take calls. */
  readonly instances: () => readonly Instance[];
  /** Whether an instance is well as far as somebody has asked it. */
  readonly isHealthy?: (instance: Instance) => boolean;
  /** Milliseconds of a clock that nobody sets. */
  readonly elapsed: () => number;
  readonly random: () => number;
}

/**
 * The pools of one service. Methods that the same instances take share one, so that what one method learns of an instance
 * all of them know, and there are never more pools than versions that differ. With versions side by side, a method that
 * only the newer one has gets a pool of its own.
 */
export class Pools {
  readonly #options: PoolsOptions;
  readonly #seats = new Set<Seat>();
  #stale = true;

  constructor(options: PoolsOptions) {
    this.#options = options;
  }

  seat(takes: Seat['takes'], options: Seat['options']): Seat {
    const pool = createPool<Instance>({ ...options, random: this.#options.random });
    const seat: Seat = { takes, options, kind: JSON.stringify(options), pool };
    this.#seats.add(seat);
    this.#stale = true;
    return seat;
  }

  leave(seat: Seat): void {
    this.#seats.delete(seat);
  }

  /** The instances have changed. A thousand changes between two calls cost one look. */
  changed(): void {
    this.#stale = true;
  }

  /** An instance for the seat's method that is not among `tried`; undefined when there is none. */
  pick(seat: Seat, tried: readonly Endpoint<Instance>[], hash: number | undefined): Endpoint<Instance> | undefined {
    if (this.#stale) this.#seatAll();
    const endpoint = seat.pool.pick(this.#options.elapsed(), tried, hash);
    return endpoint && tried.includes(endpoint) ? undefined : endpoint;
  }

  /** Every pool once. */
  all(): ReadonlySet<Pool<Instance>> {
    if (this.#stale) this.#seatAll();
    return new Set([...this.#seats].map(({ pool }) => pool));
  }

  #seatAll(): void {
    this.#stale = false;
    const now = this.#options.elapsed();
    const listed = this.#options.instances();
    const pools = new Map<string, Pool<Instance>>();
    for (const seat of this.#seats) {
      const candidates = this.#healthyOf(listed.filter(seat.takes));
      const key = [seat.kind, ...candidates.map(({ id }) => id)].join('\n');
      let pool = pools.get(key);
      if (!pool) {
        pool = takenBy(pools, seat.pool) ? createPool({ ...seat.options, random: this.#options.random }) : seat.pool;
        pool.update(candidates, now);
        pools.set(key, pool);
      }
      seat.pool = pool;
    }
  }

  /** Those that are well; all of them when none is, for the fault may be the asking's. */
  #healthyOf(candidates: readonly Instance[]): readonly Instance[] {
    const { isHealthy } = this.#options;
    const healthy = isHealthy ? candidates.filter(isHealthy) : candidates;
    return healthy.length > 0 ? healthy : candidates;
  }
}

/** Two sets of instances that were one until now: the first keeps what was learnt, the second begins anew. */
function takenBy(pools: ReadonlyMap<string, Pool<Instance>>, pool: Pool<Instance>): boolean {
  for (const taken of pools.values()) if (taken === pool) return true;
  return false;
}
