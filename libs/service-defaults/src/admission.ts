import { resourceExhausted } from '@trellis/errors';
import { type GradientLimit, gradientLimit } from '@trellis/resilience';
import { type Logger, meter } from '@trellis/telemetry';
import { grpcStatus } from './grpc-status.js';

export interface AdmissionOptions {
  /** Calls at once that are taken however slow they are. */
  readonly min: number;
  readonly max: number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Ends a call that was let in. `ok`: it was answered, and not with an error. */
export type Leave = (ok: boolean) => void;

/** While calls are refused, the log says so this often. */
const LOG_EVERY_MS = 10_000;

/** Made once: an overloaded process has no time to make it for every call. */
export const OVERLOADED = grpcStatus(
  resourceExhausted('This instance has as much to do as it can: try another one', {
    reason: 'OVERLOADED',
    retryAfter: 1,
  }),
);

/**
 * Which calls this process takes. What it cannot answer in good time it refuses at once, so that it goes on answering as much
 * as it can. One for all unary calls of the process, which share what they wait for.
 */
export class Admission {
  readonly #limit: GradientLimit;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #refusals = meter().createCounter('trellis.admission.refusals', {
    description: 'Calls refused because this process has too much to do',
  });
  #refused = 0;
  #toldAt = -Infinity;

  constructor({ min, max, logger }: AdmissionOptions) {
    this.#limit = gradientLimit({ min, max }, Math.random);
    this.#logger = logger;
    this.#refusals.add(0); // or the first ones would be no increase
    const gauge = (name: string, description: string, read: () => number) =>
      meter()
        .createObservableGauge(name, { description })
        .addCallback((result) => result.observe(read()));
    gauge('trellis.admission.limit', 'Calls that this process takes at once', () => this.#limit.limit);
    gauge('trellis.admission.in_flight', 'Calls that it is answering', () => this.#limit.inFlight);
  }

  /** Undefined: refuse the call with OVERLOADED. */
  enter(path: string): Leave | undefined {
    const started = performance.now();
    if (!this.#limit.acquire(started)) {
      this.#refuse(started);
      return undefined;
    }
    return (ok) => {
      const now = performance.now();
      this.#limit.release(path, now - started, ok, now);
    };
  }

  #refuse(now: number): void {
    this.#refused += 1;
    this.#refusals.add(1);
    if (now - this.#toldAt < LOG_EVERY_MS) return;
    this.#logger.warn({ limit: this.#limit.limit, refused: this.#refused }, 'has too much to do: refuses calls');
    this.#toldAt = now;
    this.#refused = 0;
  }
}
