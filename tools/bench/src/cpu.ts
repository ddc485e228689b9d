import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Ticks of the kernel's accounting per second; 100 on every Linux that we know, asked all the same. */
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** CPU time that a process and its threads have used since their start, user and system, in microseconds. Linux only. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold anything: utime and stime are the 12th and 13th. man 5 proc
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}

/** Resident memory of a process in bytes. Linux only. */
export function memoryOf(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** What the kernel has on record of a process's threads, in microseconds. */
export interface ThreadTimes {
  /** Time on a core, of all threads. */
  readonly ran: number;
  /** Time on a core and waiting for one, of each thread by its id. */
  readonly wanted: ReadonlyMap<string, number>;
}

/**
 * To the nanosecond where `cpuOf` counts ticks of 10 ms, so that a slice of a second can be trusted. Threads that have ended
 * are not in it. Linux only.
 */
export function threadTimesOf(pid: number): ThreadTimes {
  let ran = 0;
  const wanted = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // Nanoseconds on a core and on its queue. Kernel documentation, scheduler/sched-stats
    const [onCore = 0, onQueue = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
      .split(' ')
      .map(Number);
    ran += onCore / 1e3;
    wanted.set(thread, (onCore + onQueue) / 1e3);
  }
  return { ran, wanted };
}
