import { type DynamicModule, Module } from '@nestjs/common';
import { createKafka, createOutboxRelay } from '@trellis/events';
import { type Basics, Eventing } from '@trellis/service-defaults';
import { BlogController } from './blog.grpc.js';
import type { BlogConfig } from './config.js';
import { Database } from './database.js';
import { Posts } from './post.service.js';
import { PostStore } from './post.store.js';
import { PrismaPostStore } from './post.store.prisma.js';

@Module({})
export class BlogModule {
  static with(
    config: Pick<BlogConfig, 'DATABASE_URL' | 'KAFKA_BROKERS'>,
    { health, identity, logger }: Basics,
  ): DynamicModule {
    const database = new Database(config.DATABASE_URL, health, logger);
    const kafka = createKafka({ brokers: config.KAFKA_BROKERS, clientId: identity.instanceId, logger });
    const relay = createOutboxRelay({ databaseUrl: config.DATABASE_URL, kafka, source: 'urn:trellis:blog', logger });
    return {
      module: BlogModule,
      controllers: [BlogController],
      providers: [
        Posts,
        { provide: Database, useValue: database },
        { provide: PostStore, useValue: new PrismaPostStore(database, relay) },
        { provide: Eventing, useValue: new Eventing({ kafka, relay, health }) },
      ],
    };
  }
}
