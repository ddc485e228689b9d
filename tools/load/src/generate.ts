/** Time as the generator sees it, in milliseconds. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

/** One request that has ended. */
export interface Ended {
  /** Milliseconds since the load began at which it was due. */
  readonly at: number;
  /**
   * Milliseconds from when it was due, not from when it was sent: a generator that is late itself, or a server that holds up
   * whoever comes after, does not look fast ("coordinated omission").
   */
  readonly latency: number;
  /** "ok", or what was wrong. */
  readonly outcome: string;
  /** What was asked, such as "list". */
  readonly operation: string;
}

export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  /** Picks what is due, by its number. */
  readonly pick: (index: number) => Operation;
  readonly ended: (one: Ended) => void;
  /** Ends the load early; requests under way are waited for. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock;
}

/** Something to ask for. It never rejects, and has a deadline of its own. */
export interface Operation {
  readonly name: string;
  /** Resolves with "ok" or with what was wrong: a status, an error's code. */
  readonly run: () => Promise<string>;
}

const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Sends at a fixed rate, whether or not earlier requests were answered. Resolves when all have ended. */
export async function generate({ perSecond, seconds, pick, ended, signal, clock = realClock }: Load): Promise<void> {
  const start = clock.now();
  const total = Math.round(perSecond * seconds);
  let open = 0;
  let last: (() => void) | undefined;
  const send = async (index: number, due: number): Promise<void> => {
    const { name: operation, run } = pick(index);
    open += 1;
    const outcome = await run();
    ended({ at: due - start, latency: clock.now() - due, outcome, operation });
    open -= 1;
    if (open === 0) last?.();
  };
  for (let index = 0; index < total && signal?.aborted !== true; index += 1) {
    const due = start + (index * 1000) / perSecond;
    const wait = due - clock.now();
    if (wait > 0) await clock.sleep(wait);
    void send(index, due);
  }
  if (open > 0) await new Promise<void>((resolve) => (last = resolve));
}
