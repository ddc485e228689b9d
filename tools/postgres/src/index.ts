export { PortInUse, type Postgres, type PostgresOptions, startPostgres } from './start-postgres.js';
export { type TestPostgres, testPostgres } from './test-postgres.js';
