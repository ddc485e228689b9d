import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { EventConsumer, Kafka, OutboxRelay } from '@trellis/events';
import type { HealthChecks } from './health-checks.js';

export interface EventingParts {
  readonly kafka: Kafka;
  readonly relay: OutboxRelay;
  readonly health: HealthChecks;
  /** Made when every provider is there, whose `@OnEvent` methods it calls. Absent where nothing is consumed. */
  readonly consumer?: () => EventConsumer;
}

/**
 * A provider that starts and stops what publishes a service's events and what consumes others'. Nothing here waits for the
 * broker: events wait in the outbox.
 */
export class Eventing implements OnApplicationBootstrap, OnModuleDestroy {
  #consumer: EventConsumer | undefined;

  constructor(private readonly parts: EventingParts) {}

  onApplicationBootstrap(): void {
    const { kafka, relay, health, consumer } = this.parts;
    health.add('kafka', () => kafka.ping(), { required: false });
    this.#consumer = consumer?.();
    this.#consumer?.start();
    relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    const { kafka, relay } = this.parts;
    await Promise.all([relay.stop(), this.#consumer?.stop()]);
    await kafka.close();
  }
}
