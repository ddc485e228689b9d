import type { PoolOptions } from '@trellis/balancing';
import type { Directory, Instance } from '@trellis/discovery';
import type { Logger } from '@trellis/telemetry';
import { HealthChecks } from '../health/health-checks.js';
import type { ProbesOf } from '../health/probe.js';
import { type Bulkhead, type RetryBudget, bulkhead, hedging, lastGood, retryBudget } from '@trellis/resilience';
import type { BulkheadPolicy, CallPolicies, HealthPolicy } from '../policy/call-policies.js';
import { type CallPolicy, policyOf } from '../policy/call-policy.js';
import { CallCounts } from './call-counts.js';
import type { Method, Shared, Waiting } from './method.js';
import { Pools, type Seat } from './pools.js';
import { ServiceBreaker } from './service-breaker.js';

/** More methods of one service than any contract has; the oldest is forgotten and prepared anew when it is called. */
const MOST_METHODS = 1_000;
/** Bytes of last good answers that one method may keep. */
const LAST_GOOD_BYTES = 8 * 1_048_576;

export interface UpstreamOptions {
  readonly directory: Directory;
  readonly policies: CallPolicies;
  readonly zone: string;
  /** Name of this process, by which large pools are divided among those that call. */
  readonly client: string;
  readonly probes: ProbesOf;
  readonly logger: Pick<Logger, 'warn'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly elapsed: () => number;
  readonly random: () => number;
}

/** One service that this process calls: its pools, and what its methods share. */
export class Upstream implements Shared {
  readonly service: string;
  readonly budget: RetryBudget;
  readonly pools: Pools;
  readonly counts: CallCounts;
  early = 0;
  /** Where its policy wants it asked. */
  readonly health: HealthChecks | undefined;
  readonly breakers = new Map<string, ServiceBreaker>();
  readonly #options: UpstreamOptions;
  readonly #bulkheads = new Map<string, Bulkhead<Waiting>>();
  readonly #methods = new Map<string, Method>();
  #ids: ReadonlySet<string>;

  /** `counts`: of the service from before its policy changed. */
  constructor(service: string, options: UpstreamOptions, counts = new CallCounts()) {
    const { directory, policies, elapsed, random } = options;
    this.service = service;
    this.counts = counts;
    this.#options = options;
    const policy = policyOf(policies, service, '');
    const { ratio, floor } = policy.budget;
    this.budget = retryBudget({
      ...(ratio !== undefined && { ratio }),
      ...(floor !== undefined && { floorPerSecond: floor }),
    });
    const instances = (): readonly Instance[] => directory.instances(service);
    this.health = policy.health ? this.#checks(policy, policy.health, instances) : undefined;
    const isHealthy = (instance: Instance): boolean => this.health?.isHealthy(instance) ?? true;
    this.pools = new Pools({ instances, ...(this.health && { isHealthy }), elapsed, random });
    this.#ids = idsOf(directory.instances(service));
  }

  /** The method that was prepared under this path, or a new one. `takes`: which instances it may be sent to. */
  method(path: string, takes: (path: string) => Seat['takes']): Method {
    const known = this.#methods.get(path);
    if (known) return known;
    const [oldest] = this.#methods.size >= MOST_METHODS ? this.#methods.values() : [];
    if (oldest) this.#forget(oldest);
    const method = this.#prepare(path, takes(path));
    this.#methods.set(path, method);
    return method;
  }

  /** The directory has other instances of the service now. */
  changed(): void {
    this.health?.follow();
    this.pools.changed();
    const before = this.#ids;
    this.#ids = idsOf(this.#options.directory.instances(this.service));
    for (const id of this.#ids) if (!before.has(id)) return this.#welcome();
  }

  /** It is called no more, but for what is under way. */
  close(): void {
    this.health?.stop();
  }

  #checks(policy: CallPolicy, health: HealthPolicy, instances: () => readonly Instance[]): HealthChecks {
    const { probes, logger, random, now } = this.#options;
    const onChange = (): void => this.pools.changed();
    return new HealthChecks({
      policy: health,
      probe: probes(policy, health),
      instances,
      onChange,
      logger,
      random,
      now,
    });
  }

  #welcome(): void {
    for (const breaker of this.breakers.values()) breaker.renew(this.#options.elapsed());
  }

  #forget(method: Method): void {
    this.#methods.delete(method.path);
    this.pools.leave(method.seat);
  }

  #prepare(path: string, takes: Seat['takes']): Method {
    const policy = policyOf(this.#options.policies, this.service, path);
    const { quantile, minDelay } = policy.hedge || {};
    const kept = policy.fallback ? policy.fallback.lastGood : undefined;
    return {
      upstream: this,
      path,
      policy,
      seat: this.pools.seat(takes, this.#poolOptions(policy)),
      breaker: policy.breaker ? this.#breakerFor(policy.breaker) : undefined,
      bulkhead: policy.bulkhead ? this.#bulkheadFor(policy.bulkhead) : undefined,
      hedging: policy.hedge
        ? hedging({
            ...(quantile !== undefined && { quantile }),
            ...(minDelay !== undefined && { minDelayMs: minDelay }),
          })
        : undefined,
      lastGood: kept && lastGood({ max: kept.entries, maxBytes: LAST_GOOD_BYTES, ageMs: kept.maxAge }),
      hashed: policy.strategy === 'ring-hash' || policy.strategy === 'maglev',
    };
  }

  #poolOptions(policy: CallPolicy): Omit<PoolOptions, 'random'> {
    const { strategy, zone, slowStart, panic, subset, outlier } = policy;
    return {
      strategy,
      ...(zone && { zone: this.#options.zone }),
      ...(slowStart !== undefined && { slowStartMs: slowStart }),
      ...(panic !== undefined && { panicThreshold: panic }),
      ...(subset !== undefined && { subset: { size: subset, client: this.#options.client } }),
      outlier: outlier && {
        ...(outlier.consecutive !== undefined && { consecutiveFailures: outlier.consecutive }),
        ...(outlier.ejection !== undefined && { baseEjectionMs: outlier.ejection }),
        ...(outlier.maxEjection !== undefined && { maxEjectionMs: outlier.maxEjection }),
        ...(outlier.maxEjected !== undefined && { maxEjectedShare: outlier.maxEjected }),
      },
    };
  }

  /** The first method of a group says how its breaker is. */
  #breakerFor(policy: NonNullable<CallPolicy['breaker']> & object): ServiceBreaker {
    const { group = 'default' } = policy;
    const breaker = this.breakers.get(group) ?? new ServiceBreaker(policy);
    this.breakers.set(group, breaker);
    return breaker;
  }

  #bulkheadFor(policy: BulkheadPolicy): Bulkhead<Waiting> {
    const shared = this.#bulkheads.get(policy.group) ?? bulkhead<Waiting>(policy);
    this.#bulkheads.set(policy.group, shared);
    return shared;
  }
}

const idsOf = (instances: readonly Instance[]): ReadonlySet<string> => new Set(instances.map(({ id }) => id));
