import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { type EventConsumer, type Kafka, type OutboxRelay, createConsumer } from '@trellis/events';
import { type HealthChecks, findEventHandlers } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import type { Database } from './database.js';
import type { Prisma } from './generated/prisma/client.js';

export interface EventingParts {
  readonly kafka: Kafka;
  readonly relay: OutboxRelay;
  readonly database: Database;
  readonly discovery: DiscoveryService;
  readonly health: HealthChecks;
  readonly logger: Logger;
}

/** Kafka's consumer group of this service. */
const GROUP = 'user';

/** Starts and stops what publishes events and what hands them to the `@OnEvent` methods. Nothing here waits for the broker. */
export class Eventing implements OnApplicationBootstrap, OnModuleDestroy {
  #consumer: EventConsumer | undefined;

  constructor(private readonly parts: EventingParts) {}

  onApplicationBootstrap(): void {
    const { kafka, relay, database, discovery, health, logger } = this.parts;
    const handlers = findEventHandlers<Prisma.TransactionClient>(discovery);
    this.#consumer = createConsumer({ kafka, group: GROUP, handlers, database, logger });
    health.add('kafka', () => kafka.ping(), { required: false });
    this.#consumer.start();
    relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    const { kafka, relay } = this.parts;
    await Promise.all([relay.stop(), this.#consumer?.stop()]);
    await kafka.close();
  }
}
