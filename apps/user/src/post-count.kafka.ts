import { Injectable } from '@nestjs/common';
import { type PostCreated, PostCreatedSchema, type PostDeleted, PostDeletedSchema } from '@trellis/contracts/blog/v1';
import { type Delivery, OnEvent } from '@trellis/events';
import type { Prisma } from './generated/prisma/client.js';
import { addToPostCount } from './user.store.prisma.js';

type Transaction = Prisma.TransactionClient;

/** Follows the blog: how many posts each account has written. */
@Injectable()
export class PostCount {
  @OnEvent(PostCreatedSchema)
  async onPostCreated({ authorId }: PostCreated, { tx }: Delivery<Transaction>): Promise<void> {
    await addToPostCount(tx, authorId, 1);
  }

  @OnEvent(PostDeletedSchema)
  async onPostDeleted({ authorId }: PostDeleted, { tx }: Delivery<Transaction>): Promise<void> {
    await addToPostCount(tx, authorId, -1);
  }
}
