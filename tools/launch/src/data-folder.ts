import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { root } from './checkout.js';

/**
 * The folder that holds data, logs and secrets. It is the configured one where this user may write; else one of the
 * user's own in the temporary folder (a checkout that belongs to somebody else), and `elsewhere` says so.
 */
export function dataFolder(configured: string): { readonly path: string; readonly elsewhere: boolean } {
  const wanted = resolve(root, configured);
  if (mayWrite(existsSync(wanted) ? wanted : dirname(wanted))) {
    mkdirSync(wanted, { recursive: true });
    return { path: wanted, elsewhere: false };
  }
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const path = join(tmpdir(), `trellis-${process.getuid?.() ?? 'user'}-${name}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return { path, elsewhere: true };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
