import { defineConfig } from 'prisma/config';

/**
 * `prisma generate` needs no schema engine, yet the Prisma CLI downloads one for it. Naming any executable keeps the
 * build offline; `prisma migrate` uses the real engine.
 */
if (process.argv.includes('generate')) process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/blog' },
});
