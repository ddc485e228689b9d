import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { prismaAdapter } from '@trellis/database';
import type { HealthChecks } from '@trellis/service-defaults';
import { PrismaClient } from './generated/prisma/client.js';

/** The accounts' database. Closed last: what ends earlier may still write. */
export class Database extends PrismaClient implements OnModuleInit, OnApplicationShutdown {
  constructor(
    url: string,
    private readonly health: HealthChecks,
  ) {
    super({ adapter: prismaAdapter(url) });
  }

  onModuleInit(): void {
    this.health.add('database', () => this.$queryRaw`SELECT 1`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.$disconnect();
  }
}
