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

interface Running extends Call {
  readonly until: number;
}

export const unlimited: Admission = { acquire: () => true, release: () => undefined };

/** Runs the model. A call's work is done although its caller no longer waits, as by a handler that does not look. */
export function simulateServer(model: ServerModel, admission: Admission, random: () => number): Run {
  const { places, work, rate, deadlineMs, forMs, fromMs } = model;
  const queue: Call[] = [];
  const running: Running[] = [];
  const count = { offered: 0, refused: 0, good: 0, answered: 0, took: 0 };
  let head = 0;
  let arrival = 0;

  const arrive = (now: number): void => {
    arrival = now - (Math.log(1 - random()) * 1000) / rate(now);
    const admitted = admission.acquire(now);
    if (admitted) queue.push({ at: now, ...work(now, random) });
    if (now < fromMs) return;
    count.offered += 1;
    if (!admitted) count.refused += 1;
  };
  const end = (call: Running): void => {
    running.splice(running.indexOf(call), 1);
    const took = call.until - call.at;
    const inTime = took <= deadlineMs;
    admission.release(call.kind, took, inTime, call.until);
    if (call.at < fromMs) return;
    count.answered += 1;
    count.took += took;
    if (inTime) count.good += 1;
  };

  for (;;) {
    const next = running.reduce<Running | undefined>((a, b) => (a && a.until <= b.until ? a : b), undefined);
    const now = Math.min(arrival, next?.until ?? Infinity);
    if (now > forMs) break;
    if (next?.until === now) end(next);
    else arrive(now);
    for (let call = queue[head]; call && running.length < places; call = queue[++head]) {
      running.push({ ...call, until: now + call.ms });
    }
  }
  const seconds = (forMs - fromMs) / 1000;
  return { ...count, goodput: count.good / seconds, mean: count.took / count.answered };
}

/** Mulberry32 (Tommy Ettinger, public domain): numbers from 0 to below 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
