import type { OutboxRelay } from '@trellis/events';
import { isUuid } from '@trellis/service-defaults';
import type { Database } from './database.js';
import { Prisma } from './generated/prisma/client.js';
import { publishUserCreated, publishUserDeleted } from './user.kafka.js';
import { type User, type UserChanges, usernameKey } from './user.js';
import { type NewUser, type UserQuery, UserStore } from './user.store.js';

/** Prisma's "unique constraint failed". */
const NOT_UNIQUE = 'P2002';

export class PrismaUserStore extends UserStore {
  constructor(
    private readonly database: Database,
    private readonly relay: Pick<OutboxRelay, 'wake'>,
  ) {
    super();
  }

  async create(user: NewUser): Promise<User | undefined> {
    try {
      const created = await this.database.$transaction(async (tx) => {
        const row = await tx.user.create({ data: { ...user, usernameKey: usernameKey(user.username) } });
        await publishUserCreated(tx, row);
        return row;
      });
      this.relay.wake();
      return created;
    } catch (error) {
      // The name's key is all that can collide: ids are random.
      if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === NOT_UNIQUE) return undefined;
      throw error;
    }
  }

  async find(id: string): Promise<User | undefined> {
    if (!isUuid(id)) return undefined;
    return (await this.database.user.findUnique({ where: { id } })) ?? undefined;
  }

  async findByUsername(username: string): Promise<User | undefined> {
    if (username.includes('\0')) return undefined; // PostgreSQL does not even look for it
    const row = await this.database.user.findUnique({ where: { usernameKey: usernameKey(username) } });
    return row ?? undefined;
  }

  async list({ afterId, limit }: UserQuery): Promise<User[]> {
    return this.database.user.findMany({
      where: { ...(afterId && { id: { lt: afterId } }) },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  async update(id: string, changes: UserChanges): Promise<User | undefined> {
    const [user] = await this.database.user.updateManyAndReturn({
      where: { id },
      data: { ...changes, updatedAt: new Date() },
    });
    return user;
  }

  async remove(id: string): Promise<boolean> {
    const removed = await this.database.$transaction(async (tx) => {
      const { count } = await tx.user.deleteMany({ where: { id } });
      if (count > 0) await publishUserDeleted(tx, id);
      return count > 0;
    });
    if (removed) this.relay.wake();
    return removed;
  }
}

/** Part of handling an event, so in its transaction. An account that has gone, or never was one, is passed over. */
export async function addToPostCount(tx: Prisma.TransactionClient, userId: string, posts: number): Promise<void> {
  if (!isUuid(userId)) return;
  await tx.user.updateMany({ where: { id: userId }, data: { postCount: { increment: posts } } });
}
