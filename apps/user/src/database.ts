import { fileURLToPath } from 'node:url';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { migrate, prismaAdapter } from '@trellis/database';
import type { HealthChecks } from '@trellis/service-defaults';
import type { Logger } from '@trellis/telemetry';
import { PrismaClient } from './generated/prisma/client.js';

const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

/** The accounts' database. Migrated before anything uses it, closed after everything else: what ends earlier may still write. */
export class Database extends PrismaClient implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly url: string,
    private readonly health: HealthChecks,
    private readonly logger: Logger,
  ) {
    super({ adapter: prismaAdapter(url) });
  }

  async onModuleInit(): Promise<void> {
    await migrate({ url: this.url, directory: MIGRATIONS, log: (line) => this.logger.info(line) });
    this.health.add('database', () => this.$queryRaw`SELECT 1`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
