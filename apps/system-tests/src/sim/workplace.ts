import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '@trellis/errors';

export interface Behaviour {
  readonly latencyMs: number;
  /** So many pieces of work at once; 0 is no limit. */
  readonly slots: number;
  /** Percent. */
  readonly failing: number;
}

/** Work that costs time and no CPU: with `slots`, a service whose capacity is `slots / latency`. */
export class Workplace {
  #behaviour: Behaviour = { latencyMs: 0, slots: 0, failing: 0 };
  #busy = 0;
  #owedFailures = 0;
  #calls = 0;
  #longestLine = 0;
  /** Who waits for a slot, first come first served. Bounded by the calls that are let in. */
  readonly #line: (() => void)[] = [];

  get seen(): { calls: number; longestLine: number } {
    return { calls: this.#calls, longestLine: this.#longestLine };
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  /** Rejects with UNAVAILABLE for the share of the work that fails. */
  async work(): Promise<void> {
    this.#calls += 1;
    const { slots } = this.#behaviour;
    if (slots > 0 && this.#busy >= slots) {
      this.#longestLine = Math.max(this.#longestLine, this.#line.length + 1);
      await new Promise<void>((resolve) => this.#line.push(resolve));
    } else {
      this.#busy += 1;
    }
    try {
      const { latencyMs, failing } = this.#behaviour;
      if (latencyMs > 0) await sleep(latencyMs);
      this.#owedFailures += failing;
      if (this.#owedFailures < 100) return;
      this.#owedFailures -= 100;
      throw unavailable('This work fails, as it was told to');
    } finally {
      const next = this.#line.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }
}
