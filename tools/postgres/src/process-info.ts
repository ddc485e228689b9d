import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export interface ProcessInfo {
  readonly command: string;
  readonly parent: number;
}

/** What runs under a process id; undefined when nothing does. From /proc, or from `ps` where there is none (macOS). */
export function processInfo(pid: number): ProcessInfo | undefined {
  return existsSync('/proc/self') ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessInfo | undefined {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return command === '' ? undefined : { command, parent: Number(parent) }; // a zombie has no command line
  } catch {
    return undefined; // gone
  }
}

function fromPs(pid: number): ProcessInfo | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const [, parent, command] = /^\s*(\d+)\s+(.*)$/m.exec(stdout) ?? [];
  return parent && command ? { command, parent: Number(parent) } : undefined;
}
