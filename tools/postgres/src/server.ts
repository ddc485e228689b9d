import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { executable } from './binaries.js';
import { endWithStarter } from './guard.js';
import type { Place } from './place.js';

/** A PostgreSQL that takes connections. */
export interface Server {
  /** Settles when the process has ended, by `stop` or by itself. */
  readonly exited: Promise<void>;
  /** Ends it: connections are closed, data is written. At once when it is dead already; never longer than 20 s. */
  stop(): Promise<void>;
}

/** PostgreSQL's own words for why it gave up, in the C locale. */
export class StartFailure extends Error {
  readonly portInUse: boolean;
  /** Backends of a server that was killed still hold its memory: they notice and end within moments. */
  readonly oldBackends: boolean;

  constructor(lines: readonly string[]) {
    super(`PostgreSQL did not start: ${lines.join(' ') || 'it said nothing'}`);
    const text = lines.join('\n');
    this.portInUse = text.includes('Address already in use');
    this.oldBackends = text.includes('shared memory block');
  }
}

const START_DEADLINE = 60_000; // recovery after a crash replays up to max_wal_size

export async function launch(place: Place, args: readonly string[], log: (line: string) => void): Promise<Server> {
  const child = spawn(executable(place.binaries, 'postgres'), args, {
    ...place.account,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    cwd: place.dataDir,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  endWithStarter(child, place.account);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      log(error.message);
      resolve();
    });
  });
  const server = { exited, stop: () => stop(child, exited) };
  const lines: string[] = [];
  const ready = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log(line);
      if (lines.length < 20 && /FATAL|LOG: {2}could not|HINT/.test(line)) lines.push(line);
      if (line.includes('ready to accept connections')) resolve(true);
    });
    void exited.then(() => resolve(false));
  });
  const late = new AbortController();
  const started = await Promise.race([ready, sleep(START_DEADLINE, false, { signal: late.signal, ref: false })]);
  late.abort();
  if (started) return server;
  await server.stop();
  throw new StartFailure(lines);
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    const done = new AbortController();
    await Promise.race([exited, sleep(patience, undefined, { signal: done.signal }).catch(() => undefined)]);
    done.abort();
  }
}
