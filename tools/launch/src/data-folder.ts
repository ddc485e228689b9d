import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { root } from './checkout.js';

/**
 * The folder that holds data, logs and secrets. It is the configured one where this user may write; else one of the
 * user's own in the temporary folder (a checkout that belongs to somebody else), and `elsewhere` says so.
 */
export function dataFolder(configured: string): { readonly path: string; readonly elsewhere: boolean } {
  const wanted = resolve(root, configured);
  if (mayWrite(nearestExisting(wanted))) {
    mkdirSync(wanted, { recursive: true });
    return { path: wanted, elsewhere: false };
  }
  return { path: ownFolder(wanted), elsewhere: true };
}

/** A folder of this user alone in the temporary folder, the same one each time. Throws when others can change it. */
export function ownFolder(wanted: string): string {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const path = join(tmpdir(), `trellis-${process.getuid?.() ?? 'user'}-${name}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(path);
  if (uid !== (process.getuid?.() ?? uid) || (mode & 0o022) !== 0) {
    throw new Error(`${path} belongs to somebody else or is open to others: remove it`);
  }
  return path;
}

const nearestExisting = (path: string): string => (existsSync(path) ? path : nearestExisting(dirname(path)));

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
