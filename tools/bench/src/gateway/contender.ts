import type { Row } from '../report.js';
import type { LoadProcess } from './load-process.js';
import type { Saturated, Target } from './orders.js';
import type { Running, Subject } from './subject.js';

/** Requests a second at which latencies are compared. */
export const RATE = 1_000;

/** Milliseconds. */
const WARM_UP_SLICE = 500;
/** Of the time, which is what a process gets of a core that is its own. */
const ALMOST = 0.9;

/** A subject that runs, and what its slices gave. */
export class Contender {
  readonly subject: Subject;
  readonly #running: Running;
  readonly #target: Target;
  readonly #load: LoadProcess;
  readonly #slices: Saturated[] = [];
  readonly #latencies: number[] = [];
  errors = 0;
  /** What was wrong first, if anything was. */
  fault: string | undefined;

  private constructor(subject: Subject, running: Running, token: string, load: LoadProcess) {
    this.subject = subject;
    this.#running = running;
    const { port, base = '', host = 'bench.example', process } = running;
    this.#target = { port, base, host, token, pid: process.pid };
    this.#load = load;
  }

  /** Fails, with what is wrong, when it does not answer each request as it should. */
  static async tried(subject: Subject, running: Running, token: string, load: LoadProcess): Promise<Contender> {
    const contender = new Contender(subject, running, token, load);
    const { first } = await load.try(contender.#target);
    if (first === undefined) return contender;
    await contender.kill();
    throw new Error(`it answers ${first}`);
  }

  /** Until the process has worked for so many milliseconds, or twice as many have passed on a busy machine. */
  async warmUp(ms: number): Promise<void> {
    for (let cpu = 0, passed = 0; cpu < ms * 1e3 * ALMOST && passed < 2 * ms;) {
      const slice = await this.#load.saturate(this.#target, Math.min(ms, WARM_UP_SLICE));
      this.#note(slice);
      cpu += slice.cpu;
      passed += slice.ms;
    }
  }

  async saturate(ms: number): Promise<void> {
    const slice = await this.#load.saturate(this.#target, ms);
    this.#note(slice);
    this.#slices.push(slice);
  }

  async pace(ms: number): Promise<void> {
    const slice = await this.#load.pace(this.#target, RATE, ms);
    this.#note(slice);
    this.#latencies.push(...slice.latencies);
  }

  /** CPU time of a request in microseconds, slice by slice. */
  get costs(): number[] {
    return this.#slices.map(({ cpu, requests }) => cpu / requests);
  }

  /** The median of them. */
  get cpu(): number {
    return median(this.costs);
  }

  rows(on: string): Row[] {
    const row = (metric: string, value: number, unit: string): Row => ({
      case: on,
      subject: this.subject.name,
      metric,
      value,
      unit,
    });
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    return [
      row('cpu', this.cpu, 'µs'),
      row('busy', 100 * median(this.#slices.map(({ busy }) => busy)), '%'),
      row('p50', quantile(sorted, 0.5), 'ms'),
      row('p99', quantile(sorted, 0.99), 'ms'),
      row('errors', this.errors, ''),
    ];
  }

  kill(): Promise<void> {
    return this.#running.process.kill();
  }

  #note({ errors, first }: { readonly errors: number; readonly first?: string }): void {
    this.errors += errors;
    this.fault ??= first;
  }
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;

export const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
