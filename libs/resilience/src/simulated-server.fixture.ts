import { simulate } from '@trellis/testing';

/** A server with so many places and a queue before them, in simulated time (milliseconds). */
export interface ServerModel {
  readonly places: number;
  /** The work of a call that arrives now. */
  readonly work: (now: number, random: () => number) => { readonly kind: string; readonly ms: number };
  /** Calls a second, arriving as they like (Poisson) however slow the answers are. */
  readonly rate: (now: number) => number;
  /** A later answer is worth nothing. */
  readonly deadlineMs: number;
  readonly forMs: number;
  /** What arrives sooner does not count. */
  readonly fromMs: number;
}

export interface Admission {
  acquire(now: number): boolean;
  release(kind: string, latencyMs: number, ok: boolean, now: number): void;
}

export interface Run {
  readonly offered: number;
  readonly refused: number;
  /** Answers in time, a second. */
  readonly goodput: number;
  /** Milliseconds that an admitted call took on average. */
  readonly mean: number;
}

interface Call {
  readonly at: number;
  readonly kind: string;
  readonly ms: number;
}

export const unlimited: Admission = { acquire: () => true, release: () => undefined };

/** Runs the model. A call's work is done although its caller no longer waits, as by a handler that does not look. */
export function simulateServer(model: ServerModel, admission: Admission, seed: number): Run {
  const { places, work, rate, deadlineMs, forMs, fromMs } = model;
  const { now, after, random, runUntil } = simulate(seed);
  const count = { offered: 0, refused: 0, good: 0, answered: 0, took: 0 };
  const queue: Call[] = [];
  let head = 0;
  let running = 0;

  const arrive = (): void => {
    after((-Math.log(1 - random()) * 1000) / rate(now()), arrive);
    const admitted = admission.acquire(now());
    if (admitted) queue.push({ at: now(), ...work(now(), random) });
    start();
    if (now() < fromMs) return;
    count.offered += 1;
    if (!admitted) count.refused += 1;
  };
  const start = (): void => {
    for (let call = queue[head]; call && running < places; call = queue[++head]) {
      const started = call;
      running += 1;
      after(started.ms, () => end(started));
    }
  };
  const end = ({ at, kind }: Call): void => {
    running -= 1;
    const took = now() - at;
    admission.release(kind, took, took <= deadlineMs, now());
    start();
    if (at < fromMs) return;
    count.answered += 1;
    count.took += took;
    if (took <= deadlineMs) count.good += 1;
  };

  after(0, arrive);
  runUntil(forMs);
  return { ...count, goodput: (count.good * 1000) / (forMs - fromMs), mean: count.took / count.answered };
}
