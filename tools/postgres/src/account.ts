import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whom PostgreSQL runs as. Empty: as ourselves. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * PostgreSQL refuses to run as root. Root takes the owner of the data folder, or of the nearest folder above it that
 * exists, so that this owner can go on with the same data without root; where that is root too, or nobody whom this machine
 * knows (a folder mounted into a container), `postgres` or `nobody`.
 */
export function chooseAccount(dataDir: string): Account {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  const owner = ownerOf(dataDir);
  if (owner.uid !== 0 && accounts.some(({ uid }) => uid === owner.uid)) return owner;
  for (const wanted of ['postgres', 'nobody']) {
    const found = accounts.find(({ name }) => name === wanted);
    if (found) return { uid: found.uid, gid: found.gid };
  }
  throw new Error('PostgreSQL cannot run as root and this machine has no account postgres or nobody: use another one');
}

function ownerOf(path: string): Required<Account> {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? { uid: found.uid, gid: found.gid } : ownerOf(dirname(path));
}
