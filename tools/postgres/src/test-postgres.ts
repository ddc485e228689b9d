import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { endLeftover } from './leftover.js';
import { processInfo } from './process-info.js';
import { startPostgres } from './start-postgres.js';

/** A throw-away server for the specs of one file. */
export interface TestPostgres {
  /** Connection string of the superuser. The database itself is made by whoever migrates it. */
  url(database: string): string;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
}

const PREFIX = 'trellis-test-postgres-';

/** Starts within half a second. Nothing is synced to disk: the data does not outlive the test. */
export async function testPostgres(): Promise<TestPostgres> {
  await sweep();
  const folder = join(tmpdir(), `${PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { mode: 0o755 });
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };
  const server = await startPostgres({ dataDir: join(folder, 'data'), settings });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends and deletes what test runs left that were killed: their process id is in the folder's name. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const starter = Number(name.slice(PREFIX.length).split('-')[0]);
    if (processInfo(starter)) continue;
    const folder = join(tmpdir(), name);
    try {
      await endLeftover(join(folder, 'data'), () => undefined);
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOENT') throw error; // another account's, or swept already
    }
  }
}
