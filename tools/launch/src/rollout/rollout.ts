import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { ProcessSpec } from '../child.js';
import { Supervisor, type SupervisorListener } from '../supervisor.js';
import { type Seat, type Way, replace } from './replace.js';
import type { RolloutEvent } from './rollout-event.js';
import { type Expected, type TokenFor, smokeGrpc, smokeHttp } from './smoke.js';

/** Services that a rollout replaces, in this order: a service before the one that calls it. */
const ORDER = ['registry', 'auth', 'user', 'blog', 'gateway'];
const WAYS: Readonly<Record<string, Way>> = { registry: 'alone', gateway: 'shared' };

/** What a new one has to answer over HTTP before others ask it. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  registry: [['/v1/services', 200]],
  auth: [
    ['/.well-known/openid-configuration', 200],
    ['/oauth2/jwks', 200],
  ],
};

export interface RolloutOptions {
  /** Services and instances, such as "blog" or "blog-1"; all when absent. */
  readonly names?: readonly string[];
  /** How long a new instance may take until it is ready; 30 s unless told. */
  readonly readyWithinMs?: number;
  /** How long it is watched beside the old one; 3 s unless told. */
  readonly bakeMs?: number;
  /** Another program or other variables than the old one has. */
  readonly build?: Partial<Pick<ProcessSpec, 'entry' | 'env'>>;
  readonly tell?: (event: RolloutEvent) => void;
}

/** What a rollout works on. */
export interface Fleet {
  /** Replaced in place. */
  readonly supervisors: Supervisor[];
  /** Those that run and are not the platform's yet, so that it can end them. */
  readonly arriving: Set<Supervisor>;
  readonly listener: SupervisorListener;
  /** What a gateway has to answer. */
  readonly entrance: Expected;
  readonly tokenFor: TokenFor;
  readonly stopWithinMs: number;
  /** Aborted when the platform ends. */
  readonly ending: AbortSignal;
}

/** Replaces instances one after the other, and stops at the first that is rolled back. */
export class Rollout {
  readonly #fleet: Fleet;
  readonly #generations = new Map<string, number>();
  #running = false;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Tells each step. Rejects when an instance was rolled back, with what and why; the names are checked first. */
  async run({ names = [], readyWithinMs = 30_000, bakeMs = 3_000, build = {}, tell }: RolloutOptions): Promise<void> {
    if (this.#running) throw new Error('A rollout is under way already');
    const chosen = this.#chosen(names);
    const { stopWithinMs } = this.#fleet;
    const began = performance.now();
    const replaced: string[] = [];
    this.#running = true;
    try {
      for (const current of chosen) {
        if (this.#fleet.ending.aborted) throw new Error('The platform ends');
        const instance = current.status.instance;
        const start = performance.now();
        const seat = this.#seat(current, build);
        const next = seat.next.status.instance;
        try {
          await replace(seat, { readyWithinMs, bakeMs, stopWithinMs }, (step) => tell?.({ step, instance, next }));
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          tell?.({ step: 'rolled-back', instance, next, reason });
          throw new Error(`${instance} was not replaced, it runs on: ${reason}`, { cause: error });
        } finally {
          this.#fleet.arriving.clear();
        }
        replaced.push(instance);
        tell?.({ step: 'replaced', instance, next, seconds: seconds(start) });
      }
      tell?.({ step: 'done', replaced: replaced.length, seconds: seconds(began) });
    } catch (error) {
      tell?.({ step: 'failed', reason: error instanceof Error ? error.message : String(error), replaced });
      throw error;
    } finally {
      this.#running = false;
    }
  }

  #chosen(names: readonly string[]): Supervisor[] {
    const all = ORDER.flatMap((service) => this.#fleet.supervisors.filter(({ spec }) => spec.service === service));
    const isOf = (name: string) => (one: Supervisor) => [one.spec.service, one.spec.name].includes(name);
    const unknown = names.filter((name) => !all.some(isOf(name)));
    if (unknown.length > 0) {
      const there = [...new Set(all.flatMap(({ spec }) => [spec.service, spec.name]))];
      throw new Error(`Nothing to replace is called ${unknown.join(', ')}. There are: ${there.join(', ')}`);
    }
    return names.length === 0 ? all : all.filter((one) => names.some((name) => isOf(name)(one)));
  }

  #seat(current: Supervisor, build: NonNullable<RolloutOptions['build']>): Seat {
    const { supervisors, arriving } = this.#fleet;
    const { name, service } = current.spec;
    const generation = (this.#generations.get(name) ?? 1) + 1;
    this.#generations.set(name, generation);
    const env = { ...current.spec.env, ...build.env, INSTANCE_ID: `${name}.${generation}` };
    const spec = { ...current.spec, ...build, env };
    const supervise = (one: ProcessSpec): Supervisor => {
      const supervisor = new Supervisor(one, current.log, this.#fleet.listener);
      arriving.add(supervisor);
      return supervisor;
    };
    const next = supervise(spec);
    return {
      ...{ way: WAYS[service] ?? 'beside', current, next, ending: this.#fleet.ending },
      rehearsal: () => supervise(rehearsalOf(spec)),
      check: (instance) => this.#check(instance),
      take: () => void supervisors.splice(supervisors.indexOf(current), 1, next),
    };
  }

  async #check({ spec, status }: Supervisor): Promise<void> {
    const { grpc, http } = status.addresses;
    const { entrance, tokenFor } = this.#fleet;
    const expected = spec.service === 'gateway' ? entrance : (EXPECTED[spec.service] ?? []);
    if (http !== undefined) await smokeHttp(`http://${http}`, expected);
    if (grpc !== undefined && spec.service !== 'registry') await smokeGrpc(spec.service, grpc, tokenFor);
  }
}

/** The same on ports of its own, and with a copy of what it would otherwise write to. */
function rehearsalOf({ sockets: _, ...spec }: ProcessSpec): ProcessSpec {
  const env: Record<string, string> = { ...spec.env, INSTANCE_ID: `${spec.env['INSTANCE_ID']}-rehearsal` };
  for (const port of ['PORT', 'HTTP_PORT', 'GRPC_PORT']) if (port in env) env[port] = '0';
  const snapshot = env['REGISTRY_SNAPSHOT_FILE'];
  if (snapshot !== undefined) {
    const copy = `${snapshot}.rehearsal`;
    rmSync(copy, { force: true });
    if (existsSync(snapshot)) copyFileSync(snapshot, copy);
    env['REGISTRY_SNAPSHOT_FILE'] = copy;
  }
  return { ...spec, env };
}

const seconds = (since: number): number => Math.round(performance.now() - since) / 1000;
