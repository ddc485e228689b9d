export { type MigrateOptions, migrate } from './migrate.js';
export { type AdapterOptions, prismaAdapter } from './prisma-adapter.js';
