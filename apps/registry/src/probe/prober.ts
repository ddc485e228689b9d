import type { Instance } from '@trellis/contracts/registry/v1';
import type { Change } from '../catalogue/command.js';
import { type ProbePlan, planOf, probe } from './probe.js';
import { sameQuestion } from './probe-question.js';
import type { Registry } from '../registry.js';
import { Turns } from './turns.js';

/** Failures in a row after which an instance is ill: one lost packet takes nobody out. One success makes it well again. */
const FAILURES = 3;
/** Questions under way for one service: one whose instances let everybody wait delays its own probes and no other's. */
const AT_A_TIME = 16;
/** The share of an interval by which each pause is varied, so that instances that came together are not asked together. */
const JITTER = 0.2;

export interface ProberOptions {
  readonly registry: Pick<Registry, 'apply' | 'catalogue' | 'onChange'>;
  /** Numbers in [0, 1). */
  readonly random?: () => number;
  readonly ask?: typeof probe;
}

interface Probed {
  readonly instance: Instance;
  readonly plan: ProbePlan;
  readonly gone: AbortController;
}

/** Asks instances for their health as long as they are listed and wish it. */
export class Prober {
  readonly #registry: ProberOptions['registry'];
  readonly #random: () => number;
  readonly #ask: typeof probe;
  readonly #probed = new Map<string, Probed>();
  readonly #turns = new Turns(AT_A_TIME);
  #unsubscribe: (() => void) | undefined;

  constructor({ registry, random = Math.random, ask = probe }: ProberOptions) {
    this.#registry = registry;
    this.#random = random;
    this.#ask = ask;
  }

  start(): void {
    this.#unsubscribe = this.#registry.onChange((changes) => changes.forEach((change) => this.#follow(change)));
    for (const instance of this.#registry.catalogue.unordered()) this.#follow({ kind: 'joined', instance });
  }

  stop(): void {
    this.#unsubscribe?.();
    for (const { gone } of this.#probed.values()) gone.abort();
    this.#probed.clear();
  }

  #follow({ kind, instance }: Pick<Change, 'kind' | 'instance'>): void {
    const known = this.#probed.get(instance.id);
    const plan = kind === 'left' ? undefined : planOf(instance);
    if (known && plan && sameQuestion(known.instance, instance)) return;
    known?.gone.abort();
    this.#probed.delete(instance.id);
    if (!plan) return;
    const probed = { instance, plan, gone: new AbortController() };
    this.#probed.set(instance.id, probed);
    void this.#keepAsking(probed);
  }

  async #keepAsking({ instance, plan, gone }: Probed): Promise<void> {
    let failures = 0;
    let ill = false;
    await pause(plan.interval * this.#random(), gone.signal);
    while (!gone.signal.aborted) {
      const healthy = await this.#askInTurn(instance, plan.timeout, gone.signal);
      if (gone.signal.aborted) return;
      failures = healthy ? 0 : failures + 1;
      if (healthy ? ill : failures === FAILURES) {
        ill = !healthy;
        this.#registry.apply({ kind: 'probe', id: instance.id, healthy });
      }
      await pause(plan.interval * (1 - JITTER / 2 + JITTER * this.#random()), gone.signal);
    }
  }

  async #askInTurn(instance: Instance, timeout: number, gone: AbortSignal): Promise<boolean> {
    const end = await this.#turns.take(instance.service);
    try {
      return !gone.aborted && (await this.#ask(instance, AbortSignal.any([gone, AbortSignal.timeout(timeout)])));
    } finally {
      end();
    }
  }
}

/** Ends early, and well, at the signal. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const stop = (): void => {
    clearTimeout(timer);
    resolve();
  };
  signal.addEventListener('abort', stop, { once: true });
  void promise.then(() => signal.removeEventListener('abort', stop));
  if (signal.aborted) stop();
  return promise;
}
