import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { executable } from './binaries.js';
import type { Place } from './place.js';

/** The superuser of every cluster that we make. */
export const SUPERUSER = 'postgres';

const passwordFile = (dataDir: string): string => join(dataDir, 'superuser-password');

/** Makes the cluster if the folder holds none, and returns the superuser's password (kept in the folder, mode 0600). */
export function ensureCluster({ binaries, account, dataDir }: Place, log: (line: string) => void): string {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return readFileSync(passwordFile(dataDir), 'utf8');
  log(`Creating a database cluster in ${dataDir}`);
  // Made under another name and renamed when complete, so that an interrupted start leaves nothing half made.
  const unfinished = `${dataDir}.${process.pid}`;
  const password = randomBytes(24).toString('base64url');
  mkdirSync(dirname(dataDir), { recursive: true });
  rmSync(unfinished, { recursive: true, force: true });
  try {
    mkdirSync(unfinished, { mode: 0o700 });
    own(unfinished);
    const handover = `${unfinished}.password`;
    writeFileSync(handover, password, { mode: 0o600 });
    own(handover);
    const { status, stderr, error } = spawnSync(
      executable(binaries, 'initdb'),
      [
        ...['-D', unfinished, '-U', SUPERUSER, `--pwfile=${handover}`, '--auth=scram-sha-256'],
        // The locale of the C library's own: initdb needs none to be installed. A WAL of 1 MB pieces starts small.
        ...['--encoding=UTF8', '--locale=C.UTF-8', '--wal-segsize=1', '--no-sync'],
      ],
      { ...account, env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, cwd: unfinished, encoding: 'utf8' },
    );
    if (status !== 0) {
      rmSync(handover, { force: true });
      throw new Error(`initdb failed: ${stderr || String(error)}`);
    }
    renameSync(handover, passwordFile(unfinished));
    rmSync(dataDir, { recursive: true, force: true });
    renameSync(unfinished, dataDir);
    return password;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }

  function own(path: string): void {
    if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
  }
}
