import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { createConsumer, createKafka, createOutboxRelay } from '@trellis/events';
import { type Basics, Eventing, findEventHandlers } from '@trellis/service-defaults';
import type { UserConfig } from './config.js';
import { Database } from './database.js';
import type { Prisma } from './generated/prisma/client.js';
import { PasswordHasher } from './password-hasher.js';
import { PostCount } from './post-count.kafka.js';
import { UserController } from './user.grpc.js';
import { Users } from './user.service.js';
import { UserStore } from './user.store.js';
import { PrismaUserStore } from './user.store.prisma.js';

@Module({})
export class UserModule {
  static with(
    config: Pick<UserConfig, 'DATABASE_URL' | 'KAFKA_BROKERS'>,
    { health, identity, logger }: Basics,
  ): DynamicModule {
    const database = new Database(config.DATABASE_URL, health, logger);
    const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: identity.instanceId, logger });
    const relay = createOutboxRelay({ databaseUrl: config.DATABASE_URL, kafka, source: 'urn:trellis:user', logger });
    return {
      module: UserModule,
      imports: [DiscoveryModule],
      controllers: [UserController],
      providers: [
        Users,
        PostCount,
        { provide: PasswordHasher, useValue: new PasswordHasher() },
        { provide: Database, useValue: database },
        { provide: UserStore, useValue: new PrismaUserStore(database, relay) },
        {
          provide: Eventing,
          inject: [DiscoveryService],
          useFactory: (discovery: DiscoveryService) => {
            const consumer = () => {
              const handlers = findEventHandlers<Prisma.TransactionClient>(discovery);
              return createConsumer({ kafka, group: 'user', handlers, database, logger });
            };
            return new Eventing({ kafka, relay, health, consumer });
          },
        },
      ],
    };
  }
}
