import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SUPERUSER, ensureCluster } from './cluster.js';
import { endLeftover, recordStarter } from './leftover.js';
import { choosePlace } from './place.js';
import { type Server, StartFailure, launch } from './server.js';
import { serverArguments } from './settings.js';

export interface PostgresOptions {
  /** Folder of the cluster; made when missing. */
  readonly dataDir: string;
  /** Absent or 0: a free one. */
  readonly port?: number;
  /** Settings of postgresql.conf over ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What PostgreSQL and this tool say, line by line. */
  readonly log?: (line: string) => void;
}

export interface Postgres extends Server {
  /** Connection string of the superuser. It holds the password: not for logs. */
  url(database: string): string;
  readonly port: number;
  /** Where the data really is: another folder than the wanted one when PostgreSQL's account cannot use that. */
  readonly dataDir: string;
}

/** Thrown when the wanted port is taken. */
export class PortInUse extends Error {
  constructor(readonly port: number) {
    super(`Port ${port} is in use`);
  }
}

const ATTEMPTS = 10;

/**
 * A real PostgreSQL on 127.0.0.1, its data kept in `dataDir`. Recovers by itself from a killed predecessor. Throws
 * `PortInUse`, an error when a live process already runs one on this folder, or one with PostgreSQL's own words.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const log = options.log ?? (() => undefined);
  const place = choosePlace(options.dataDir, log);
  const password = ensureCluster(place, log);
  await endLeftover(place.dataDir, log);
  recordStarter(place.dataDir);
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    try {
      const server = await launch(place, serverArguments(place.dataDir, port, options.settings), log);
      const url = (database: string): string => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
      return { ...server, url, port, dataDir: place.dataDir };
    } catch (error) {
      if (!(error instanceof StartFailure)) throw error;
      if (error.portInUse && options.port) throw new PortInUse(options.port);
      if (attempt === ATTEMPTS || !(error.portInUse || error.oldBackends)) throw error;
      await sleep(200);
    }
  }
}

/** PostgreSQL cannot choose a port itself. Between our asking and its binding somebody else may take it: then again. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
