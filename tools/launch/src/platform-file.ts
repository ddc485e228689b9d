import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  pid: z.number().int().positive(),
  /** When the process started, as the operating system tells it: a pid alone may belong to another by now. */
  born: z.string(),
  gatewayUrl: z.string(),
  jaegerUrl: z.string(),
  registryUrl: z.string(),
  clientsFile: z.string(),
});

/** Where a running platform is, for the commands that talk to it. */
export type PlatformFile = z.infer<typeof schema>;

const fileIn = (folder: string): string => join(folder, 'platform.json');

/** What the folder's running platform wrote, or undefined when none runs. */
export function runningPlatform(folder: string): PlatformFile | undefined {
  let text: string;
  try {
    text = readFileSync(fileIn(folder), 'utf8');
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(JSON.parse(text));
  return parsed.success && bornAt(parsed.data.pid) === parsed.data.born ? parsed.data : undefined;
}

/** Marks the folder as taken by this process. The file appears whole or not at all. */
export function writePlatformFile(folder: string, addresses: Omit<PlatformFile, 'pid' | 'born'>): void {
  const content: PlatformFile = { pid: process.pid, born: bornAt(process.pid) ?? '', ...addresses };
  const path = fileIn(folder);
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function removePlatformFile(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** When a process started; undefined when there is none of that id. */
function bornAt(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // proc_pid_stat(5): the name in brackets may hold spaces; start time is field 22, the 20th after the brackets.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
