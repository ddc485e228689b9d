import { setTimeout as sleep } from 'node:timers/promises';
import type { Supervisor } from '../supervisor.js';
import { AdminPort } from './admin-port.js';
import { problemOf, since } from './canary.js';

/**
 * How the new one takes over. "beside": it runs next to the old one and is put into rotation once it was looked at. "shared":
 * it takes connections from the same socket from its first moment, so a copy is looked at before. "alone": only one may run,
 * so a copy is looked at before, and the new one starts when the old one has ended.
 */
export type Way = 'beside' | 'shared' | 'alone';

/** The place of one instance. */
export interface Seat {
  readonly way: Way;
  readonly current: Supervisor;
  /** The next instance, not started yet. */
  readonly next: Supervisor;
  /** A copy of it with an address of its own, out of the way of all others. */
  rehearsal(): Supervisor;
  /** Looks at one that is ready, before others call it. Rejects with what is wrong. */
  check(instance: Supervisor): Promise<void>;
  /** From now on the next one is the platform's. */
  take(): void;
  /** Aborted when the platform ends: then nothing that has ended is started again. */
  readonly ending: AbortSignal;
}

export interface Patience {
  /** How long a new instance may take until it is ready. */
  readonly readyWithinMs: number;
  /** How long it is watched beside the old one. */
  readonly bakeMs: number;
  /** How long a process may take to end in order. */
  readonly stopWithinMs: number;
}

export type Step = 'rehearsing' | 'starting' | 'checking' | 'watching' | 'draining';

const LOOK_EVERY_MS = 250;
const DRAINED = { START_DRAINED: 'true' };

/** Replaces one instance. When it rejects, the new one is gone and the old one is as it was. */
export async function replace(seat: Seat, patience: Patience, tell: (step: Step) => void): Promise<void> {
  if (seat.way !== 'beside') await rehearse(seat, patience, tell);
  if (seat.way === 'alone') return await succeed(seat, patience, tell);
  const { next, current } = seat;
  const { readyWithinMs, stopWithinMs, bakeMs } = patience;
  const beside = seat.way === 'beside';
  try {
    tell('starting');
    seat.ending.throwIfAborted();
    await next.start({ readyWithinMs, ...(beside && { env: DRAINED }) });
    if (beside) {
      tell('checking');
      await seat.check(next);
      await adminOf(next).undrain(readyWithinMs);
    }
    tell('watching');
    await watch(next, current, bakeMs);
  } catch (error) {
    await next.stop(stopWithinMs);
    throw error;
  }
  seat.take();
  tell('draining');
  await current.stop(stopWithinMs);
}

async function rehearse(
  seat: Seat,
  { readyWithinMs, stopWithinMs }: Patience,
  tell: (step: Step) => void,
): Promise<void> {
  tell('rehearsing');
  seat.ending.throwIfAborted();
  const copy = seat.rehearsal();
  try {
    await copy.start({ readyWithinMs, env: DRAINED });
    tell('checking');
    await seat.check(copy);
  } finally {
    await copy.stop(stopWithinMs);
  }
}

/** One after the other on the same addresses. Should the new one fail although its copy did not, the old one is started again. */
async function succeed(
  { next, current, take, ending }: Seat,
  patience: Patience,
  tell: (step: Step) => void,
): Promise<void> {
  const { readyWithinMs, stopWithinMs } = patience;
  tell('draining');
  await current.stop(stopWithinMs);
  try {
    tell('starting');
    ending.throwIfAborted();
    await next.start({ readyWithinMs });
  } catch (error) {
    await next.stop(stopWithinMs);
    if (!ending.aborted) await current.start();
    throw error;
  }
  take();
}

/** Rejects as soon as the new one dies, says that it is not well, or fails more often than the old one. */
async function watch(next: Supervisor, current: Supervisor, bakeMs: number): Promise<void> {
  const { pid } = next.status;
  const [fresh, old] = [adminOf(next), adminOf(current)];
  const [freshBefore, oldBefore] = await Promise.all([fresh.answered(), old.answered()]);
  let unwell = 0;
  for (const end = performance.now() + bakeMs; performance.now() < end;) {
    await sleep(Math.min(LOOK_EVERY_MS, bakeMs));
    if (next.status.pid !== pid || next.status.state !== 'ready') throw new Error('It ended while it was watched');
    const why = await fresh.problem();
    unwell = why === undefined ? 0 : unwell + 1;
    if (unwell > 1) throw new Error(`It is not well any more: ${why}`); // one slow answer may be the machine's
    const [freshNow, oldNow] = await Promise.all([fresh.answered(), old.answered()]);
    const problem = problemOf(since(freshBefore, freshNow), since(oldBefore, oldNow));
    if (problem !== undefined) throw new Error(problem);
  }
}

const adminOf = ({ status }: Supervisor): AdminPort => new AdminPort(status.addresses['admin'] ?? '');
