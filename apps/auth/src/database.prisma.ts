import { join } from 'node:path';
import type { OnApplicationShutdown } from '@nestjs/common';
import { migrate, prismaAdapter } from '@trellis/database';
import { PrismaClient } from './generated/prisma/client.js';

/** Auth's own database. Injectable; closed when Nest shuts down, after everything that uses it. */
export class Database extends PrismaClient implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}

/** From `src` and `dist` alike. */
const MIGRATIONS = join(import.meta.dirname, '../prisma/migrations');

/** Creates and migrates the database where needed. `log` is told of each migration. */
export async function openDatabase(url: string, log?: (line: string) => void): Promise<Database> {
  await migrate({ url, directory: MIGRATIONS, ...(log && { log }) });
  return new Database({ adapter: prismaAdapter(url) });
}
