/** Where the launcher wants PostgreSQL. */
export interface Config {
  readonly dataDir: string;
  /** 0: a free one. */
  readonly port: number;
}

/** Throws one line for each bad variable. */
export function readConfig(source: Readonly<Record<string, string | undefined>> = process.env): Config {
  const dataDir = source['POSTGRES_DATA_DIR'] ?? '';
  const port = Number(source['POSTGRES_PORT'] || 0);
  const problems = [
    source['NODE_ENV'] === 'production' &&
      'NODE_ENV is production: this server is for development and tests, use a PostgreSQL of your own',
    dataDir === '' && 'POSTGRES_DATA_DIR is missing: set it to the folder that keeps the data',
    !(Number.isInteger(port) && port >= 0 && port <= 65_535) &&
      'POSTGRES_PORT is not valid: set it to a port from 0 to 65535; 0 takes a free one',
  ].filter((problem) => problem !== false);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { dataDir, port };
}
