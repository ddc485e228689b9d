import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Remembers over restarts that records were deleted out of the middle of a segment. */
const NAME = 'log-start';

export function readLogStart(folder: string): number {
  const path = join(folder, NAME);
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) || 0 : 0;
}

export function writeLogStart(folder: string, offset: number): void {
  const path = join(folder, NAME);
  writeFileSync(`${path}.new`, String(offset), { mode: 0o600 });
  renameSync(`${path}.new`, path); // so that there is never half a number
}
