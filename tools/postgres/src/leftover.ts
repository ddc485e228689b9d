import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processInfo } from './process-info.js';

const pidFile = (dataDir: string): string => join(dataDir, 'postmaster.pid');
const starterFile = (dataDir: string): string => join(dataDir, 'started-by');

/** Recorded so that a later start can tell a server that still has its owner from one that was left behind. */
export function recordStarter(dataDir: string): void {
  rmSync(starterFile(dataDir), { force: true }); // root's file could not be overwritten by the folder's owner
  writeFileSync(starterFile(dataDir), String(process.pid));
}

/**
 * Clears the way for a start. PostgreSQL outlives a starter that was killed; then it is ended here, after making sure that
 * the recorded id really is a PostgreSQL on this very folder (ids are reused). Throws when its starter still lives.
 */
export async function endLeftover(dataDir: string, log: (line: string) => void): Promise<void> {
  if (!existsSync(pidFile(dataDir))) return;
  const pid = Number(readFileSync(pidFile(dataDir), 'utf8').split('\n')[0]);
  if (!isServerOn(dataDir, pid)) return rmSync(pidFile(dataDir), { force: true });
  const starter = existsSync(starterFile(dataDir)) ? Number(readFileSync(starterFile(dataDir), 'utf8')) : undefined;
  if (starter !== undefined && processInfo(pid)?.parent === starter) {
    throw new Error(`${dataDir} is in use by the PostgreSQL (pid ${pid}) of process ${starter}: stop that one first`);
  }
  log(`Ending PostgreSQL (pid ${pid}), left behind by an earlier start`);
  // Fast shutdown, then an immediate one (recovery at the next start), then the kernel.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isServerOn(dataDir, pid)) break;
    process.kill(pid, signal);
    for (let waited = 0; waited < 5_000 && isServerOn(dataDir, pid); waited += 20) await sleep(20);
  }
  rmSync(pidFile(dataDir), { force: true });
}

function isServerOn(dataDir: string, pid: number): boolean {
  const command = Number.isInteger(pid) && pid > 1 ? processInfo(pid)?.command : undefined;
  return command !== undefined && command.includes('postgres') && command.includes(`-D ${dataDir} `);
}
