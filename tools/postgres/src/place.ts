import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type Account, chooseAccount } from './account.js';
import { type Binaries, copyBinaries, executable, findBinaries } from './binaries.js';

/** Where PostgreSQL runs from, as whom, and where its data is. */
export interface Place {
  readonly binaries: Binaries;
  readonly account: Account;
  readonly dataDir: string;
}

/**
 * The wanted folder, unless PostgreSQL's account cannot use it: a checkout that the account cannot enter (below /root,
 * say), or data that another account left. Then everything goes to a folder of that account in the temp directory, whose
 * name depends on the wanted one.
 */
export function choosePlace(wanted: string, log: (line: string) => void): Place {
  const dataDir = realPath(resolve(wanted));
  const account = chooseAccount(dataDir);
  const binaries = findBinaries();
  const runs = canRun(binaries, account);
  if (runs && canHold(dataDir, account)) return { binaries, account, dataDir };
  const refuge = ownFolder(`trellis-postgres-${[process.getuid?.() ?? 'me', account.uid ?? []].flat().join('-')}`);
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const place = {
    binaries: runs ? binaries : copyBinaries(binaries, refuge),
    account,
    dataDir: join(refuge, `data-${name}`),
  };
  log(`PostgreSQL's account cannot use ${dataDir}: the data is in ${place.dataDir}`);
  return place;
}

/** Without symlinks, as far as it exists: one folder has one name, by which its server is known again. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), basename(path));
}

const canRun = (binaries: Binaries, account: Account): boolean =>
  spawnSync(executable(binaries, 'postgres'), ['--version'], { ...account, env: {} }).status === 0;

/**
 * Root can hand over any folder that the account can reach: one below a private folder it cannot. Anybody else needs one
 * that is his or that he may create.
 */
function canHold(dataDir: string, account: Account): boolean {
  const parent = dirname(dataDir);
  try {
    mkdirSync(parent, { recursive: true });
    if (account.uid !== undefined) return spawnSync('ls', ['-d', `${parent}/.`], account).status === 0;
    const found = statSync(dataDir, { throwIfNoEntry: false });
    if (found) return found.uid === process.getuid?.();
    accessSync(parent, constants.W_OK);
    return true;
  } catch {
    return false; // whatever keeps us out, the answer is the same
  }
}

/** Names in the temp directory are open to everybody: what somebody else put there first is refused. */
function ownFolder(name: string): string {
  const folder = join(tmpdir(), name);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const { uid, mode } = statSync(folder);
  if (uid !== (process.getuid?.() ?? uid) || (mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to somebody else or is open to others: remove it`);
  }
  chmodSync(folder, 0o755);
  return folder;
}
