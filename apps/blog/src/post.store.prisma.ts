import type { OutboxRelay } from '@trellis/events';
import { isUuid } from '@trellis/service-defaults';
import type { Database } from './database.js';
import { publishPostCreated, publishPostDeleted } from './post.kafka.js';
import type { Post, PostChanges } from './post.js';
import { type PostQuery, PostStore } from './post.store.js';

export class PrismaPostStore extends PostStore {
  constructor(
    private readonly database: Database,
    private readonly relay: Pick<OutboxRelay, 'wake'>,
  ) {
    super();
  }

  async create(draft: Pick<Post, 'title' | 'content' | 'authorId'>): Promise<Post> {
    const post = await this.database.$transaction(async (tx) => {
      const created = await tx.post.create({ data: draft });
      await publishPostCreated(tx, created);
      return created;
    });
    this.relay.wake();
    return post;
  }

  async find(id: string): Promise<Post | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.database.post.findUnique({ where: { id } })) ?? undefined;
  }

  async list({ authorId, afterId, limit }: PostQuery): Promise<Post[]> {
    // An account's id is a uuid: other text, with characters that PostgreSQL would refuse, is nobody's.
    if (authorId !== undefined && !isUuid(authorId)) return [];
    return this.database.post.findMany({
      where: { ...(authorId && { authorId }), ...(afterId && { id: { lt: afterId } }) },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  async update(id: string, changes: PostChanges, version?: number): Promise<Post | undefined> {
    const [post] = await this.database.post.updateManyAndReturn({
      where: { id, ...(version !== undefined && { version }) },
      data: { ...changes, version: { increment: 1 }, updatedAt: new Date() },
    });
    return post;
  }

  async remove(post: Post): Promise<boolean> {
    const removed = await this.database.$transaction(async (tx) => {
      const { count } = await tx.post.deleteMany({ where: { id: post.id } });
      if (count > 0) await publishPostDeleted(tx, post);
      return count > 0;
    });
    if (removed) this.relay.wake();
    return removed;
  }
}
