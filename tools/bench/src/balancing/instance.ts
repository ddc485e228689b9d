import type { CallResult, Candidate } from '@trellis/balancing';
import type { Simulation } from '@trellis/testing';

/** Time that an answer needs to a call that takes no work: a refusal, or a failure at once. */
const AT_ONCE_MS = 1;
/** Calls that wait for each one that is served; more are refused. Waiting then costs at most as much again, ten times. */
const WAITING_PER_WORKER = 10;

export interface InstanceOptions {
  readonly name: string;
  readonly weight?: number;
  /** Calls that are served at one time. */
  readonly workers: number;
  /** Mean service time in milliseconds; single times are exponentially distributed. */
  readonly serviceMs: number;
  /** How many times slower it is than that, after so many milliseconds of its life. */
  readonly slowness?: (age: number) => number;
  /** Fails every call at once. */
  readonly failing?: boolean;
}

/** An instance of the simulation: a queue, first come first served, in front of workers. */
export class SimulatedInstance implements Candidate {
  readonly id: string;
  readonly weight: number;
  readonly zone = '';
  /** Calls per millisecond that it can serve when nothing ails it. */
  readonly capacity: number;
  /** Calls that were sent to it. */
  received = 0;
  readonly #options: InstanceOptions;
  readonly #simulation: Simulation;
  readonly #random: () => number;
  readonly #born: number;
  readonly #queue: ((result: CallResult) => void)[] = [];
  #busy = 0;
  #pause = { from: -1, until: -1 };

  constructor(options: InstanceOptions, simulation: Simulation, random: () => number) {
    this.id = options.name;
    this.weight = options.weight ?? 1;
    this.capacity = options.workers / options.serviceMs;
    this.#options = options;
    this.#simulation = simulation;
    this.#random = random;
    this.#born = simulation.now();
  }

  call(answer: (result: CallResult) => void): void {
    this.received++;
    const { workers, failing } = this.#options;
    const { after } = this.#simulation;
    if (failing) after(AT_ONCE_MS, () => answer('failed'));
    else if (this.#busy < workers) this.#serve(answer);
    else if (this.#queue.length < workers * WAITING_PER_WORKER) this.#queue.push(answer);
    else after(AT_ONCE_MS, () => answer('overloaded'));
  }

  /** Nothing moves for so long. Work in hand goes on afterwards where it was; what comes in waits. */
  pause(milliseconds: number): void {
    const from = this.#simulation.now();
    this.#pause = { from, until: from + milliseconds };
  }

  #serve(answer: (result: CallResult) => void): void {
    this.#busy++;
    const { now, at } = this.#simulation;
    const { serviceMs, slowness } = this.#options;
    const work = -Math.log(1 - this.#random()) * serviceMs * (slowness?.(now() - this.#born) ?? 1);
    at(Math.max(now(), this.#pause.until) + work, () => this.#finish(answer));
  }

  #finish(answer: (result: CallResult) => void): void {
    const { now, at } = this.#simulation;
    const { from, until } = this.#pause;
    if (now() < until) {
      if (until < Infinity) at(until + now() - from, () => this.#finish(answer));
      return;
    }
    this.#busy--;
    answer('ok');
    const next = this.#queue.shift();
    if (next) this.#serve(next);
  }
}
