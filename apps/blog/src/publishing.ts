import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Kafka, OutboxRelay } from '@trellis/events';
import type { HealthChecks } from '@trellis/service-defaults';

/** Starts and stops what brings the outbox to Kafka. Neither waits for the broker: events wait in the outbox. */
export class Publishing implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly relay: OutboxRelay,
    private readonly kafka: Kafka,
    private readonly health: HealthChecks,
  ) {}

  onApplicationBootstrap(): void {
    this.health.add('kafka', () => this.kafka.ping(), { required: false });
    this.relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
    await this.kafka.close();
  }
}
