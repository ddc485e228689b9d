import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bornAt } from './process-birth.js';

/** A line per process: pid, name, birth. */
export const PROCESS_LIST = 'processes.txt';

const fileIn = (folder: string): string => join(folder, PROCESS_LIST);
const LAUNCHER = 'launcher';

/** A process that a platform of this folder started, and that lives. */
export interface ListedProcess {
  readonly pid: number;
  readonly name: string;
}

/**
 * Makes this process the folder's launcher. Throws when another one is, and resolves when what a launcher that was
 * killed has left behind is gone: its processes end by themselves once they notice, or are killed after `withinMs`.
 */
export async function claimFolder(folder: string, withinMs: number, say: (line: string) => void): Promise<void> {
  const launcher = listed(folder).find(({ name }) => name === LAUNCHER);
  if (launcher) throw new Error(`Trellis runs already with its data in ${folder} (pid ${launcher.pid}).`);
  await endLeftovers(folder, withinMs, say);
  rmSync(fileIn(folder), { force: true });
  try {
    writeFileSync(fileIn(folder), line(process.pid, LAUNCHER), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    throw new Error(`Trellis is being started already with its data in ${folder}.`, { cause });
  }
}

export function addToList(folder: string, pid: number, name: string): void {
  appendFileSync(fileIn(folder), line(pid, name));
}

export function releaseFolder(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

async function endLeftovers(folder: string, withinMs: number, say: (line: string) => void): Promise<void> {
  const end = Date.now() + withinMs;
  for (let left = listed(folder); left.length > 0; left = listed(folder)) {
    say(`Waiting for the end of an earlier platform: ${left.map(({ name }) => name).join(', ')}`);
    if (Date.now() > end) for (const { pid } of left) process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Those of the list that live: the pid exists and was born when the list says. */
function listed(folder: string): ListedProcess[] {
  if (!existsSync(fileIn(folder))) return [];
  return readFileSync(fileIn(folder), 'utf8')
    .split('\n')
    .flatMap((text) => {
      const [pid = '', name = '', ...born] = text.split(' ');
      return text !== '' && bornAt(Number(pid)) === born.join(' ') ? [{ pid: Number(pid), name }] : [];
    });
}

const line = (pid: number, name: string): string => `${pid} ${name} ${bornAt(pid) ?? ''}\n`;
