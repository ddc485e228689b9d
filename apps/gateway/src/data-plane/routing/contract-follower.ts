import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from '@bufbuild/protobuf';
import { readDescriptorSet } from '@trellis/contracts';
import type { Directory, Instance } from '@trellis/discovery';
import { ServiceError } from '@trellis/errors';
import type { Logger } from '@trellis/telemetry';
import { type ContractRoute, contractRoutes } from './contract-routes.js';
import { newestInstance } from './newest-instance.js';

/** A vanished service's paths answer 503 for this long, in which it may come back, and 404 afterwards. */
export const GRACE_MS = 60_000;
/** How often the grace is looked at, and a contract that could not be fetched is fetched again. */
const SWEEP_MS = 1_000;
/** How long one wait for the registry takes before it is begun anew. */
const READY_WAIT_MS = 5_000;

/** A state in which an instance says which contract holds: a suspect is not known to be gone. */
const HEALTHY: ReadonlySet<Instance['state']> = new Set(['SERVING', 'SUSPECT']);

/** The contract by which a service is served now. */
export interface LiveContract {
  /** Name under which the instances register. */
  readonly service: string;
  readonly version: string;
  /** Hash of the descriptor set in hex. */
  readonly hash: string;
  readonly registry: Registry;
  /** Full names of the gRPC services that the instances answer. */
  readonly grpcServices: readonly string[];
  /** What its own HTTP rules give. */
  readonly routes: readonly ContractRoute[];
}

interface Entry {
  /** Hash and services: two instances may answer different services of the same file. */
  readonly key: string;
  readonly contract: LiveContract;
  /** Epoch milliseconds since when no instance is known. */
  vanishedAt: number | undefined;
}

export interface ContractFollowerOptions {
  readonly directory: Directory;
  readonly logger: Logger;
  /** Called after each change, with the service whose contract is another one now; undefined when one was forgotten. */
  readonly onChange: (changed: string | undefined) => void;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Keeps the contracts by which the services are served now: of each the newest one that was admitted. */
export class ContractFollower {
  readonly #directory: Directory;
  readonly #logger: Logger;
  readonly #onChange: (changed: string | undefined) => void;
  readonly #now: () => number;
  /** In the order of their first appearance. */
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Set<string>();
  /** Services whose contract could not be fetched. Each sweep tries again. */
  readonly #failing = new Set<string>();
  /** Contracts that cannot be served. Trying again would not change them. */
  readonly #refused = new Set<string>();
  /** Whether the registry's first snapshot has come. */
  #heard = false;
  #complete = false;
  #working: Promise<void> | undefined;
  #stop: (() => void) | undefined;
  readonly #learnt = Promise.withResolvers<boolean>();

  constructor({ directory, logger, onChange, now = Date.now }: ContractFollowerOptions) {
    this.#directory = directory;
    this.#logger = logger;
    this.#onChange = onChange;
    this.#now = now;
  }

  /** In the order of their first appearance. `present`: whether any instance is known now. */
  get contracts(): { readonly contract: LiveContract; readonly present: boolean }[] {
    return [...this.#entries.values()].map(({ contract, vanishedAt }) => ({
      contract,
      present: vanishedAt === undefined,
    }));
  }

  /** False until the registry has been heard and the contracts of everyone there have been read. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether all is known, waiting up to `withinMs` milliseconds for it. */
  learnt(withinMs: number): Promise<boolean> {
    return Promise.race([this.#learnt.promise, sleep(withinMs, false, { ref: false })]);
  }

  start(): void {
    const stopListening = this.#directory.onChange((service) => this.#update(service));
    const timer = setInterval(() => this.sweep(), SWEEP_MS).unref();
    let stopped = false;
    this.#stop = () => {
      stopped = true;
      clearInterval(timer);
      stopListening();
    };
    void this.#hear(() => stopped);
  }

  stop(): void {
    this.#stop?.();
  }

  /** Forgets services whose grace is over and tries again what failed. Called each second. */
  sweep(): void {
    const now = this.#now();
    const over = [...this.#entries].filter(
      ([, { vanishedAt }]) => vanishedAt !== undefined && now - vanishedAt >= GRACE_MS,
    );
    for (const [service] of over) {
      this.#entries.delete(service);
      this.#logger.info({ service }, 'routes forgotten');
    }
    if (over.length > 0) this.#onChange(undefined);
    if (this.#refused.size > 0) this.#forgetRefusals();
    for (const service of this.#failing) this.#update(service);
  }

  /** Only those that are still announced, so that they cannot pile up. */
  #forgetRefusals(): void {
    const announced = new Set(this.#directory.all().map(({ contractHash }) => contractHash));
    for (const hash of this.#refused) if (!announced.has(hash)) this.#refused.delete(hash);
  }

  async #hear(stopped: () => boolean): Promise<void> {
    while (!(await this.#directory.ready(READY_WAIT_MS))) if (stopped()) return;
    for (const { service } of this.#directory.all()) this.#changed.add(service);
    this.#heard = true;
    await this.#work();
  }

  #update(service: string): void {
    this.#changed.add(service);
    void this.#work();
  }

  /** One worker at a time, so that an older contract never overtakes a newer one. */
  #work(): Promise<void> {
    this.#working ??= this.#drain().finally(() => {
      this.#working = undefined;
      return this.#changed.size > 0 ? this.#work() : undefined; // what came in between the last look and this line
    });
    return this.#working;
  }

  async #drain(): Promise<void> {
    for (const service of this.#changed) {
      this.#changed.delete(service);
      if (await this.#follow(service)) this.#failing.delete(service);
      else this.#failing.add(service);
    }
    if (!this.#heard || this.#failing.size > 0 || this.#complete) return;
    this.#complete = true;
    this.#learnt.resolve(true);
  }

  /** Brings one service's entry up to date. False when its contract could not be fetched. */
  async #follow(service: string): Promise<boolean> {
    const entry = this.#entries.get(service);
    const instance = this.#newest(service);
    if (!instance) {
      if (entry) entry.vanishedAt ??= this.#now();
      return true;
    }
    if (entry) entry.vanishedAt = undefined;
    const { contractHash, grpcServices, version } = instance;
    const key = [contractHash, ...grpcServices].join(' ');
    if (entry?.key === key) return true;
    try {
      const registry = readDescriptorSet(await this.#directory.contract(contractHash));
      const routes = contractRoutes(service, registry, grpcServices);
      const contract = { service, version, hash: contractHash, registry, grpcServices, routes };
      this.#entries.set(service, { key, contract, vanishedAt: undefined });
      this.#onChange(service);
      this.#logger.info({ service, version }, 'routes taken from a contract');
      return true;
    } catch (error) {
      if (error instanceof ServiceError) {
        if (!this.#failing.has(service)) {
          this.#logger.warn({ service, err: error }, 'a contract could not be fetched: tries again each second');
        }
        return false;
      }
      this.#refused.add(contractHash);
      this.#logger.error({ service, err: error }, 'a contract cannot be served');
      return this.#follow(service);
    }
  }

  /**
   * The newest contract gives the routes: of the healthy instances, and else of those that are there at all. An older
   * version's own routes go with it, as an operator has approved. One that waits for approval gives none.
   */
  #newest(service: string): Instance | undefined {
    const usable = this.#directory
      .all()
      .filter((each) => each.service === service && each.state !== 'PENDING')
      .filter(({ contractHash }) => contractHash !== '' && !this.#refused.has(contractHash));
    const healthy = usable.filter(({ state }) => HEALTHY.has(state));
    return newestInstance(healthy.length > 0 ? healthy : usable);
  }
}
