/** Where the launcher wants PostgreSQL. */
export interface Config {
  readonly dataDir: string;
  /** 0: a free one. */
  readonly port: number;
}

/** Throws one line for the person who set the variable. */
export function readConfig(source: Readonly<Record<string, string | undefined>> = process.env): Config {
  const dataDir = source['POSTGRES_DATA_DIR'];
  if (!dataDir) throw new Error('POSTGRES_DATA_DIR is missing: set it to the folder that keeps the data');
  const port = Number(source['POSTGRES_PORT'] || 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`POSTGRES_PORT is "${source['POSTGRES_PORT']}": set it to a port, or to 0 for a free one`);
  }
  return { dataDir, port };
}
