import { meter, metricName } from '@trellis/telemetry';
import type { Backlog } from './outbox.js';

/**
 * What operators see of a relay. Each relay of a service tells of the same table: the largest of them counts. While the
 * database is away the last known lag grows with time, for nothing is published then.
 */
export class RelayMetrics {
  #backlog: Backlog = { pending: 0, lag: 0 };
  #seenAt = 0;
  readonly #elapsed: () => number;
  readonly #published = meter().createCounter(metricName.outboxPublished, { description: 'Events that Kafka has' });
  readonly #failures = meter().createCounter(metricName.outboxFailures, { description: 'Attempts that failed' });

  /** `elapsed`: milliseconds of a clock that nobody sets. */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
    this.#published.add(0);
    this.#failures.add(0);
    meter()
      .createObservableGauge(metricName.outboxPending, { description: 'Committed events that wait' })
      .addCallback((result) => result.observe(this.#backlog.pending));
    meter()
      .createObservableGauge(metricName.outboxLag, { unit: 's', description: 'How long the oldest of them waits' })
      .addCallback((result) => result.observe(this.lag));
  }

  get lag(): number {
    const { pending, lag } = this.#backlog;
    return pending === 0 ? 0 : lag + (this.#elapsed() - this.#seenAt) / 1_000;
  }

  saw(backlog: Backlog): void {
    this.#backlog = backlog;
    this.#seenAt = this.#elapsed();
  }

  published(count: number): void {
    this.#published.add(count);
  }

  failed(): void {
    this.#failures.add(1);
  }
}
