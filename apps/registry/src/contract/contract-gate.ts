import { type Instance, State } from '@trellis/contracts/registry/v1';
import { Code, ServiceError } from '@trellis/errors';
import { LRUCache } from 'lru-cache';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { Registry } from '../registry.js';
import { concerns } from './compatibility.js';
import { type Contract, type ContractRoute, routeName } from './contract.js';
import { ContractReader } from './contract-reader.js';
import { overlap } from './route-overlap.js';

/** Pairs of contracts whose comparison is remembered. An instance that waits may announce itself again every second. */
const COMPARISONS = 1_000;
/** Contracts that were admitted a while ago and are so again: a rollback waits for nobody. */
const ADMITTED = 1_000;
/**
 * Milliseconds for which a service without a live contract is held to those that somebody was compared with: as long as
 * its routes outlive it at the gateway. Otherwise who waits, or is refused, would only have to take its place.
 */
const HELD = 60_000;
/** Bytes of contracts that are kept for it: some 150 ordinary ones. */
const HELD_BYTES = 4 * 1024 * 1024;

/** What names a contract as instances answer it: the same file may hold services that some of them do not have. */
interface Promised {
  readonly service: string;
  readonly contractHash: string;
  readonly grpcServices: readonly string[];
}

export interface Verdict {
  readonly contract: Contract;
  /** Why it waits for an operator; empty when it is admitted. */
  readonly pending: readonly string[];
}

/** Milliseconds for which somebody who is not admitted gets the same answer: to look at every instance has its price. */
const SAME_ANSWER = 1_000;

interface Answer {
  readonly until: number;
  readonly outcome: readonly string[] | ServiceError;
}

interface Live extends Promised {
  readonly descriptorSet: Uint8Array;
  readonly seenAt: number;
}

/** Compares contracts with those that are live: listed, and not themselves waiting. */
export class ContractGate {
  readonly #catalogue: Catalogue;
  readonly #now: () => number;
  readonly #reader: ContractReader;
  readonly #compared = new LRUCache<string, readonly string[]>({ max: COMPARISONS });
  readonly #admitted = new LRUCache<string, true>({ max: ADMITTED });
  readonly #answers = new LRUCache<string, Answer>({ max: COMPARISONS });
  readonly #held = new LRUCache<string, Live>({
    maxSize: HELD_BYTES,
    sizeCalculation: ({ descriptorSet }) => Math.max(1, descriptorSet.length),
  });

  constructor({ catalogue, limits, now }: Pick<Registry, 'catalogue' | 'limits' | 'now'>) {
    this.#catalogue = catalogue;
    this.#now = now;
    this.#reader = new ContractReader(limits);
  }

  /**
   * Throws INVALID_ARGUMENT for a contract that nobody could serve and FAILED_PRECONDITION with reason ROUTE_TAKEN for one
   * that claims another service's route. A contract that is live, was admitted before or is approved does not wait.
   */
  judge(promised: Promised, descriptorSet: Uint8Array): Verdict {
    const key = keyOf(promised);
    const contract = this.#reader.announced(promised.service, key, descriptorSet, promised.grpcServices);
    if (this.#isLive(promised.contractHash, key)) return { contract, pending: [] };
    const known = this.#admitted.has(key) || this.#catalogue.approved(promised.contractHash);
    const pending = this.#pending(promised.service, key, contract, known);
    if (pending.length === 0) this.#admitted.set(key, true);
    return { contract, pending };
  }

  #pending(service: string, key: string, contract: Contract, known: boolean): readonly string[] {
    const before = known ? undefined : this.#answers.get(key);
    const answer = before && this.#now() < before.until ? before : this.#answer(service, key, contract, known);
    if (answer.outcome instanceof ServiceError) throw answer.outcome;
    return answer.outcome;
  }

  #answer(service: string, key: string, contract: Contract, known: boolean): Answer {
    const taken = this.#takenRoute(service, contract);
    const isOurs = (other: string): boolean => other === service;
    const outcome =
      taken ?? (known ? [] : this.#concerns(key, contract, this.#live(isOurs, this.#catalogue.unordered(service))));
    const answer = { until: this.#now() + SAME_ANSWER, outcome };
    if (outcome instanceof ServiceError || outcome.length > 0) this.#answers.set(key, answer);
    return answer;
  }

  /** Whether an operator may admit it now: its routes may have been given away while it waited. Throws ROUTE_TAKEN. */
  requireFreeRoutes(instance: Instance): void {
    const contract = this.contractOf(instance);
    const taken = contract && this.#takenRoute(instance.service, contract);
    if (taken) throw taken;
  }

  /** Of a listed instance; undefined when it has none. */
  contractOf({ contractHash, ...rest }: Promised): Contract | undefined {
    const descriptorSet = this.#catalogue.contract(contractHash);
    if (!descriptorSet) return undefined;
    return this.#reader.listed(keyOf({ contractHash, ...rest }), descriptorSet, rest.grpcServices);
  }

  /** Asked with each announcement, so it looks at no more than the first of those who have the contract, as a rule. */
  #isLive(hash: string, key: string): boolean {
    for (const holder of this.#catalogue.holders(hash)) {
      if (holder.state !== State.PENDING && keyOf(holder) === key) return true;
    }
    return false;
  }

  /** By key, of the wanted services: what the instances have, and where a service has nothing live, what it had lately. */
  #live(wanted: (service: string) => boolean, instances: readonly Instance[]): Map<string, Live> {
    const live = new Map<string, Live>();
    for (const instance of instances) {
      const { service, contractHash, grpcServices, state } = instance;
      const descriptorSet = this.#catalogue.contract(contractHash);
      if (!descriptorSet || state === State.PENDING || !wanted(service)) continue;
      const key = keyOf(instance);
      if (!live.has(key)) live.set(key, { service, contractHash, grpcServices, descriptorSet, seenAt: this.#now() });
    }
    for (const [key, each] of live) this.#held.set(key, each);
    const there = new Set(Array.from(live.values(), ({ service }) => service));
    for (const [key, each] of this.#held.entries()) {
      const counts = wanted(each.service) && !there.has(each.service) && this.#now() - each.seenAt < HELD;
      if (counts) live.set(key, each);
    }
    return live;
  }

  /** With each live contract: callers may have been built against any of them. */
  #concerns(key: string, next: Contract, live: ReadonlyMap<string, Live>): string[] {
    const found = [...live].flatMap(([liveKey, { descriptorSet, grpcServices }]) => {
      const pair = `${liveKey} > ${key}`;
      const known = this.#compared.get(pair);
      if (known) return known;
      const contract = this.#reader.listed(liveKey, descriptorSet, grpcServices);
      const made = contract ? concerns(contract, next) : [];
      this.#compared.set(pair, made);
      return made;
    });
    return [...new Set(found)];
  }

  /** The routes of one that waits are nobody's yet. */
  #takenRoute(service: string, { routes }: Contract): ServiceError | undefined {
    if (routes.length === 0) return undefined;
    const others = this.#live((other) => other !== service, this.#catalogue.unordered());
    for (const [key, other] of others) {
      for (const taken of this.#reader.listed(key, other.descriptorSet, other.grpcServices)?.routes ?? []) {
        const route = routes.find((each) => overlap(each, taken));
        if (route) return routeTaken(route, taken, other.service);
      }
    }
    return undefined;
  }
}

const keys = new WeakMap<Promised, string>();

/** Asked for every listed instance whenever one announces another contract than those that are live. */
function keyOf(promised: Promised): string {
  const known = keys.get(promised);
  if (known !== undefined) return known;
  const { service, contractHash, grpcServices } = promised;
  const key = [service, contractHash, ...[...new Set(grpcServices)].sort()].join(' ');
  keys.set(promised, key);
  return key;
}

function routeTaken(route: ContractRoute, taken: ContractRoute, owner: string): ServiceError {
  const [name, other] = [routeName(route), routeName(taken)];
  const same = name === other ? '' : `, which has ${other}`;
  return new ServiceError(Code.FAILED_PRECONDITION, `The route ${name} belongs to ${owner}${same}`, {
    reason: 'ROUTE_TAKEN',
    metadata: { route: other, service: owner },
  });
}
