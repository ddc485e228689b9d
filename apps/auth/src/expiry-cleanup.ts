import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@trellis/telemetry';

const INTERVAL_MS = 60_000;

/** Runs a task once a minute while the application does. A round that fails is logged, and the next one tries again. */
export class ExpiryCleanup implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stopping = new AbortController();
  readonly #task: () => Promise<number>;
  readonly #logger: Logger;
  #running: Promise<void> = Promise.resolve();

  constructor(task: () => Promise<number>, logger: Logger) {
    this.#task = task;
    this.#logger = logger;
  }

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  /** Resolves when the round under way has ended. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const deleted = await this.#task();
        if (deleted > 0) this.#logger.debug({ deleted }, 'expired records deleted');
      } catch (error) {
        this.#logger.warn({ err: error }, 'expired records could not be deleted');
      }
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    }
  }
}
