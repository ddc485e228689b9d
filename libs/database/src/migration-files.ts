import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationProblem } from './migration-problem.js';

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file in hex, as Prisma records it. */
  readonly checksum: string;
}

/** The migrations of a folder in their order, which is that of their names. */
export function readMigrations(directory: string): Migration[] {
  if (!existsSync(directory)) throw new MigrationProblem(`There is no folder of migrations at ${directory}`);
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const file = join(directory, name, 'migration.sql');
      if (!existsSync(file)) throw new MigrationProblem(`Migration ${name} has no migration.sql in ${directory}`);
      const content = readFileSync(file);
      return { name, sql: content.toString('utf8'), checksum: createHash('sha256').update(content).digest('hex') };
    });
}
