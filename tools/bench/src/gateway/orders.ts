/** Whom the load goes to. */
export interface Target {
  readonly port: number;
  /** Before each path. */
  readonly base: string;
  readonly host: string;
  readonly token: string;
  /** The process whose time is taken. */
  readonly pid: number;
}

/** What the benchmark tells the load over IPC. Times in milliseconds. */
export type LoadOrder =
  /** Each request once. */
  | { readonly kind: 'try'; readonly target: Target }
  /** On every connection the next request as soon as the last one is answered. */
  | { readonly kind: 'saturate'; readonly target: Target; readonly ms: number }
  /** So many requests a second, however long the answers take. */
  | { readonly kind: 'pace'; readonly target: Target; readonly ms: number; readonly rate: number };

/** What is wrong with answers: how many, and what the first was. */
export interface Faults {
  readonly errors: number;
  readonly first?: string;
}

export interface Saturated extends Faults {
  readonly kind: 'saturated';
  readonly requests: number;
  readonly ms: number;
  /** Microseconds of the target's process, all threads. */
  readonly cpu: number;
  /** Share of the time in which its busiest thread worked or could have, had it had a core. */
  readonly busy: number;
}

export interface Paced extends Faults {
  readonly kind: 'paced';
  /** From the moment that a request was due to its answer, in milliseconds, unsorted. */
  readonly latencies: readonly number[];
}

export type LoadReport = ({ readonly kind: 'tried' } & Faults) | Saturated | Paced;

/** Connections of the load. */
export const CONNECTIONS = 32;
