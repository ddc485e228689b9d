import { Injectable } from '@nestjs/common';
import { type PostCreated, PostCreatedSchema, type PostDeleted, PostDeletedSchema } from '@trellis/contracts/blog/v1';
import { type Delivery, OnEvent } from '@trellis/events';
import { isUuid } from '@trellis/service-defaults';
import type { Prisma } from './generated/prisma/client.js';

type Transaction = Prisma.TransactionClient;

/** Follows the blog: how many posts each account has written. Events about an account that has gone change nothing. */
@Injectable()
export class PostCount {
  @OnEvent(PostCreatedSchema)
  async onPostCreated({ authorId }: PostCreated, { tx }: Delivery<Transaction>): Promise<void> {
    await add(tx, authorId, 1);
  }

  @OnEvent(PostDeletedSchema)
  async onPostDeleted({ authorId }: PostDeleted, { tx }: Delivery<Transaction>): Promise<void> {
    await add(tx, authorId, -1);
  }
}

async function add(tx: Transaction, authorId: string, posts: number): Promise<void> {
  if (!isUuid(authorId)) return;
  await tx.user.updateMany({ where: { id: authorId }, data: { postCount: { increment: posts } } });
}
