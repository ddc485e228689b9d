import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf, memoryOf } from '../cpu.js';
import type { Bench, Row } from '../report.js';
import { monotonic } from '../clock.js';
import { SessionsLoad, WatchersLoad } from './load.js';
import { canPin } from '../pinned.js';
import { RegistryProcess } from './registry-process.js';
import { announcementPlot, highestRate, quantile } from './series.js';

/** All sessions are to be back within so many seconds; if they came back evenly over them, that would be the steady rate. */
const BACK_WITHIN = 5;
/** Milliseconds after which the benchmark does not wait for the last sessions any more. */
const PATIENCE = 30_000;
const SIZES = {
  full: { sessions: 5_000, watchers: 1_000, steady: 20_000, changes: 200 },
  quick: { sessions: 1_000, watchers: 200, steady: 4_000, changes: 40 },
};

interface Parts {
  readonly registry: RegistryProcess;
  readonly sessions: SessionsLoad;
  readonly watchers: WatchersLoad;
  readonly size: (typeof SIZES)['full'];
  readonly row: (name: string, metric: string, value: number, unit: string) => void;
}

/** One registry process with its sessions and watchers, each on a TCP connection of its own. */
export const bench: Bench = async ({ say, quick }) => {
  const rows: Row[] = [];
  const row: Parts['row'] = (name, metric, value, unit) =>
    void rows.push({ case: name, subject: 'registry', metric, value, unit });
  const size = SIZES[quick ? 'quick' : 'full'];
  const registry = await RegistryProcess.start();
  const parts: Parts = { registry, sessions: new SessionsLoad(), watchers: new WatchersLoad(), size, row };
  try {
    say(`${size.sessions} sessions`);
    await measureSessions(parts);
    say(`${size.watchers} watchers`);
    await measureWatchers(parts);
    say('kill -9 and start again');
    const plot = await measureRestart(parts);
    return { rows, plots: { restart: plot }, notes: notes(size) };
  } finally {
    await Promise.all([parts.sessions.kill(), parts.watchers.kill()]);
    await registry.end();
  }
};

async function measureSessions({ registry, sessions, size, row }: Parts): Promise<void> {
  const memoryBefore = memoryOf(registry.pid);
  const cpuAtFirst = cpuOf(registry.pid);
  await sessions.open(registry.target, size.sessions);
  row('sessions', 'open', (cpuOf(registry.pid) - cpuAtFirst) / size.sessions, 'µs CPU');
  await sleep(2_000); // the last ones' first beats
  await sessions.count();
  const cpuBefore = cpuOf(registry.pid);
  const from = monotonic();
  await sleep(size.steady);
  const { heartbeats } = await sessions.count();
  const cpu = cpuOf(registry.pid) - cpuBefore;
  row('sessions', 'cpu', cpu / heartbeats, 'µs/heartbeat');
  row('sessions', 'core', cpu / 10 / (monotonic() - from), '%');
  row('sessions', 'memory', (memoryOf(registry.pid) - memoryBefore) / 1024 / size.sessions, 'kB/session');
}

async function measureWatchers({ registry, sessions, watchers, size, row }: Parts): Promise<void> {
  const memoryBefore = memoryOf(registry.pid);
  await watchers.open(registry.target, size.watchers);
  row('watch', 'memory', (memoryOf(registry.pid) - memoryBefore) / 1024 / size.watchers, 'kB/watcher');
  await sleep(1_000);
  await watchers.arrivals();
  const made = await sessions.change(size.changes);
  await sleep(1_000);
  const arrived = await watchers.arrivals();
  if (arrived.length !== made.length || arrived.some(({ watchers: reached }) => reached !== size.watchers)) {
    throw new Error(`${made.length} changes were made, ${arrived.length} arrived, not all of them everywhere`);
  }
  const delays = arrived.map(({ at }, n) => at - (made[n] ?? NaN));
  row('watch', 'change-p50', quantile(delays, 0.5), 'ms');
  row('watch', 'change-p99', quantile(delays, 0.99), 'ms');
}

/** Returns the picture of the announcements. */
async function measureRestart({ registry, sessions, size, row }: Parts): Promise<string> {
  await sessions.count();
  const killedAt = monotonic();
  await registry.restart();
  const readyAt = monotonic();
  const announced: number[] = [];
  const listed: number[] = [];
  for (let back = 0; back < size.sessions;) {
    if (monotonic() - readyAt > PATIENCE) throw new Error(`Only ${back} of ${size.sessions} sessions are back`);
    await sleep(250);
    const counted = await sessions.count();
    announced.push(...counted.announced);
    listed.push(...counted.listed);
    back = counted.listedNow;
  }
  const known = await registry.listed();
  if (known !== size.sessions) throw new Error(`${size.sessions} sessions are back, but ${known} are listed`);
  const steady = size.sessions / BACK_WITHIN;
  row('restart', 'down', (readyAt - killedAt) / 1000, 's');
  row('restart', 'back', (Math.max(...listed) - readyAt) / 1000, 's');
  row('restart', 'announce-peak', highestRate(announced) / steady, '× steady');
  row('restart', 'announcements', announced.length / size.sessions, 'per session');
  return announcementPlot(announced, listed, readyAt, steady);
}

const notes = ({ sessions, watchers }: Parts['size']): string[] => [
  `${sessions} sessions with a heartbeat every 2 s and ${watchers} watchers of everything, one TCP connection each. ` +
    (canPin
      ? 'The registry is pinned to one core, the load to the others.'
      : 'Not pinned: taskset or a second core is missing.'),
  'The load speaks HTTP/2 by hand, because 6,000 real clients would cost more than the registry; its pauses are those of',
  "libs/discovery. change-p99: from the heartbeat that tells another state to the last watcher's hearing of it.",
  'restart: with a snapshot file. back: from the ready registry to the last answer to an announcement. announce-peak: the',
  `most announcements sent in any 500 ms, over the ${sessions / BACK_WITHIN} a second of an even return within ${BACK_WITHIN} s.`,
];
