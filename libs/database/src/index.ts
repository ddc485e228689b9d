export { type MigrateOptions, migrate } from './migrate.js';
export { MigrationProblem } from './migration-problem.js';
export { isOutage } from './outage.js';
export { type AdapterOptions, prismaAdapter } from './prisma-adapter.js';
