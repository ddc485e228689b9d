export interface MigrateOptions {
  /** Connection string of the service's database, which is created when it is missing. */
  readonly url: string;
  /** Prisma's `migrations` folder: `<name>/migration.sql` in the order of the names. */
  readonly directory: string;
  readonly log?: (line: string) => void;
}

/** Applies the migrations that the database lacks and returns their names. */
export function migrate(_options: MigrateOptions): Promise<string[]> {
  return Promise.reject(new Error('Not built yet'));
}
