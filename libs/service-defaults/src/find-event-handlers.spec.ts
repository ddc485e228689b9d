import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, NestFactory } from '@nestjs/core';
import { type PostCreated, PostCreatedSchema } from '@trellis/contracts/blog/v1';
import { OnEvent } from '@trellis/events';
import { findEventHandlers } from './find-event-handlers.js';

@Injectable()
class PostCounter {
  counted: string[] = [];

  @OnEvent(PostCreatedSchema)
  async onPostCreated({ authorId }: PostCreated): Promise<void> {
    this.counted.push(authorId);
  }
}

@Module({ imports: [DiscoveryModule], providers: [PostCounter, { provide: 'nothing', useValue: null }] })
class UserModule {}

describe('findEventHandlers', () => {
  it('finds the decorated methods of the providers, bound to them', async () => {
    const app = await NestFactory.createApplicationContext(UserModule, { logger: false });
    const [handler, ...others] = findEventHandlers(app.get(DiscoveryService));
    expect([handler?.schema, others]).toEqual([PostCreatedSchema, []]);
    await handler?.handle({ $typeName: PostCreatedSchema.typeName, authorId: 'alice' } as never, {
      id: '1',
      time: new Date(0),
      key: 'k',
      tx: { $executeRaw: async () => 0 },
    });
    expect(app.get(PostCounter).counted).toEqual(['alice']);
    await app.close();
  });
});
