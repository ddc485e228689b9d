import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
  const owner = listed(folder).find(isLauncher);
  if (owner) throw new Error(`Trellis runs already with its data in ${folder} (pid ${owner.pid}).`);
  // Of those that start at the same moment, the one whose line comes first has it: appending is one step for all.
  appendFileSync(fileIn(folder), line(process.pid, LAUNCHER), { mode: 0o600 });
  const first = listed(folder).find(isLauncher);
  if (first?.pid !== process.pid) throw new Error(`Trellis is being started already with its data in ${folder}.`);
  await endLeftovers(folder, withinMs, say);
  const draft = `${fileIn(folder)}.new`;
  writeFileSync(draft, line(process.pid, LAUNCHER), { mode: 0o600 });
  renameSync(draft, fileIn(folder)); // whole at every moment, as another launcher may be reading it
}

const isLauncher = ({ name }: ListedProcess): boolean => name === LAUNCHER;

export function addToList(folder: string, pid: number, name: string): void {
  appendFileSync(fileIn(folder), line(pid, name));
}

export function releaseFolder(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

async function endLeftovers(folder: string, withinMs: number, say: (line: string) => void): Promise<void> {
  const leftovers = () => listed(folder).filter((one) => !isLauncher(one));
  const end = Date.now() + withinMs;
  let said = '';
  for (let left = leftovers(); left.length > 0; left = leftovers()) {
    const names = left.map(({ name }) => name).join(', ');
    if (names !== said) say(`Waiting for the end of an earlier platform: ${names}`);
    said = names;
    if (Date.now() > end) left.forEach(kill);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function kill({ pid, name }: ListedProcess): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (cause) {
    if (codeOf(cause) === 'ESRCH') return; // it has ended by itself meanwhile
    throw new Error(`${name} (pid ${pid}) of an earlier platform cannot be ended: end it first`, { cause });
  }
}

/** Those of the list that live: the pid exists and was born when the list says. */
function listed(folder: string): ListedProcess[] {
  return read(fileIn(folder))
    .split('\n')
    .flatMap((text) => {
      const [pid = '', name = '', ...born] = text.split(' ');
      return text !== '' && bornAt(Number(pid)) === born.join(' ') ? [{ pid: Number(pid), name }] : [];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
const line = (pid: number, name: string): string => `${pid} ${name} ${bornAt(pid) ?? ''}\n`;
