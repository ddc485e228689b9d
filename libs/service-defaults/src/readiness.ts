import type { HealthChecks, HealthReport } from './health-checks.js';

/**
 * STARTING until the registry has listed the instance (or was given up on for now), DRAINED while an operator keeps it out of
 * rotation, DRAINING once asked to end.
 */
export type State = 'STARTING' | 'SERVING' | 'DRAINED' | 'DRAINING';

/** How long a result is worth something: whoever probes, and however many do, the database is asked once a second. */
const FRESH_MS = 1_000;
/** How often what others follow is looked at again. */
const FOLLOW_MS = 2_000;

/** Whether this instance should get calls: what the admin port and grpc.health.v1 tell. */
export class Readiness {
  readonly #health: HealthChecks;
  readonly #followers = new Set<() => void>();
  #state: State = 'STARTING';
  #last: { readonly at: number; readonly report: Promise<HealthReport> } | undefined;
  #following: NodeJS.Timeout | undefined;

  constructor(health: HealthChecks) {
    this.#health = health;
  }

  get state(): State {
    return this.#state;
  }

  become(state: State): void {
    this.#state = state;
    this.#tell();
  }

  /** Takes the instance out of rotation on an operator's word, or puts it in again. False while it starts or ends. */
  setDrained(drained: boolean): boolean {
    if (this.#state !== (drained ? 'SERVING' : 'DRAINED')) return false;
    this.become(drained ? 'DRAINED' : 'SERVING');
    return true;
  }

  /** Whether it is out of rotation, for now or for good. */
  get leaves(): boolean {
    return this.#state === 'DRAINED' || this.#state === 'DRAINING';
  }

  /** What the health checks say, of a second ago at most. */
  report(): Promise<HealthReport> {
    const now = performance.now();
    if (!this.#last || now - this.#last.at >= FRESH_MS) this.#last = { at: now, report: this.#health.run() };
    return this.#last.report;
  }

  /**
   * Whether calls are answered: as soon as the ports are open, so that a registry that probes before it lists finds the
   * instance serving, until it drains; and only while the checks that are required are fine.
   */
  async serves(): Promise<boolean> {
    if (this.leaves) return false;
    const { ok } = await this.report();
    return ok && !this.leaves;
  }

  /** Calls the listener when the answer may have changed, until the returned function is called. */
  follow(listener: () => void): () => void {
    this.#followers.add(listener);
    this.#following ??= setInterval(() => this.#tell(), FOLLOW_MS).unref();
    return () => {
      this.#followers.delete(listener);
      if (this.#followers.size > 0) return;
      clearInterval(this.#following);
      this.#following = undefined;
    };
  }

  #tell(): void {
    for (const listener of this.#followers) listener();
  }
}
