import type { Pinned } from '../pinned.js';
import type { Backends } from './backends.js';
import type { Programs } from './programs.js';

/** What every subject is started with. */
export interface Surroundings {
  readonly backends: Backends;
  readonly token: string;
  readonly issuer: Issuer;
  /** A folder of the run's own for configuration files; it goes away. */
  readonly folder: string;
  readonly programs: Programs;
}

/** Whose tokens are good, for the subjects that verify them. */
export interface Issuer {
  readonly url: string;
  readonly audience: string;
  readonly keys: object;
}

/** A gateway that runs as a process of its own. */
export interface Running {
  readonly process: Pinned;
  readonly port: number;
  /** Goes before each path; empty unless given. */
  readonly base?: string;
  /** Whose name requests say; any that the gateway does not know when absent. */
  readonly host?: string;
}

/** Something that is measured. */
export interface Subject {
  readonly name: string;
  /** The rows that its figures belong to. */
  readonly cases: readonly string[];
  /** Whether it is compiled while it runs, as JavaScript is: it needs some ten thousand requests then until that is done. */
  readonly warmsUp: boolean;
  /** Fails with an Error for people when it is not to be had here. */
  start(surroundings: Surroundings): Promise<Running>;
}
