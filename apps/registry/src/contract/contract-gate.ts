import { type Instance, State } from '@trellis/contracts/registry/v1';
import { Code, ServiceError } from '@trellis/errors';
import { LRUCache } from 'lru-cache';
import type { CallerLimits } from '../caller-limits.js';
import type { Catalogue } from '../catalogue.js';
import { concerns } from './compatibility.js';
import { type Contract, type ContractRoute, routeName } from './contract.js';
import { ContractReader } from './contract-reader.js';
import { overlap } from './route-overlap.js';

/** Pairs of contracts whose comparison is remembered. An instance that waits may announce itself again every second. */
const COMPARISONS = 1_000;
/** Contracts that were admitted a while ago and are so again: a rollback waits for nobody. */
const ADMITTED = 1_000;

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

/** Compares contracts with those that are live: listed, and not themselves waiting. */
export class ContractGate {
  readonly #catalogue: Catalogue;
  readonly #reader: ContractReader;
  readonly #compared = new LRUCache<string, readonly string[]>({ max: COMPARISONS });
  readonly #admitted = new LRUCache<string, true>({ max: ADMITTED });

  constructor(catalogue: Catalogue, limits: CallerLimits) {
    this.#catalogue = catalogue;
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
    const live = this.#live(this.#catalogue.unordered(promised.service));
    this.#requireFreeRoutes(promised.service, contract);
    const known = this.#admitted.has(key) || this.#catalogue.approved(promised.contractHash);
    const pending = known ? [] : this.#concerns(key, contract, live);
    if (pending.length === 0) this.#admitted.set(key, true);
    return { contract, pending };
  }

  /** Whether an operator may admit it now: its routes may have been given away while it waited. Throws ROUTE_TAKEN. */
  requireFreeRoutes(instance: Instance): void {
    const contract = this.contractOf(instance);
    if (contract) this.#requireFreeRoutes(instance.service, contract);
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

  #live(instances: readonly Instance[]): Map<string, Instance> {
    const live = new Map<string, Instance>();
    for (const instance of instances) {
      if (instance.contractHash !== '' && instance.state !== State.PENDING) live.set(keyOf(instance), instance);
    }
    return live;
  }

  /** With each live contract: callers may have been built against any of them. */
  #concerns(key: string, next: Contract, live: ReadonlyMap<string, Instance>): string[] {
    const found = [...live].flatMap(([liveKey, instance]) => {
      const pair = `${liveKey} > ${key}`;
      const contract = this.contractOf(instance);
      const known = this.#compared.get(pair) ?? (contract ? concerns(contract, next) : []);
      this.#compared.set(pair, known);
      return known;
    });
    return [...new Set(found)];
  }

  /** The routes of one that waits are nobody's yet. */
  #requireFreeRoutes(service: string, { routes }: Contract): void {
    if (routes.length === 0) return;
    const others = this.#catalogue.unordered().filter((instance) => instance.service !== service);
    for (const instance of this.#live(others).values()) {
      for (const taken of this.contractOf(instance)?.routes ?? []) {
        const route = routes.find((each) => overlap(each, taken));
        if (route) throw routeTaken(route, taken, instance.service);
      }
    }
  }
}

const keyOf = ({ service, contractHash, grpcServices }: Promised): string =>
  [service, contractHash, ...[...new Set(grpcServices)].sort()].join(' ');

function routeTaken(route: ContractRoute, taken: ContractRoute, owner: string): ServiceError {
  const [name, other] = [routeName(route), routeName(taken)];
  const same = name === other ? '' : `, which has ${other}`;
  return new ServiceError(Code.FAILED_PRECONDITION, `The route ${name} belongs to ${owner}${same}`, {
    reason: 'ROUTE_TAKEN',
    metadata: { route: other, service: owner },
  });
}
