import { deadlineExceeded, resourceExhausted } from '@trellis/errors';

export interface BoundedWorkOptions {
  /** How many run at once. */
  readonly concurrency: number;
  /** How many more may wait. */
  readonly queue: number;
}

/** Runs costly work a few at a time. Who would wait behind a full queue is refused at once: RESOURCE_EXHAUSTED. */
export class BoundedWork {
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(private readonly options: BoundedWorkOptions) {}

  /** In order of arrival. Whose signal aborts while waiting leaves the queue: DEADLINE_EXCEEDED. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running < this.options.concurrency) this.#running += 1;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next)
        next(); // the place is handed on, so nobody can slip in between
      else this.#running -= 1;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    if (this.#waiting.size >= this.options.queue) {
      throw resourceExhausted('Too many passwords are being checked right now', {
        reason: 'HASHING_BUSY',
        retryAfter: 1,
      });
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(start);
        reject(deadlineExceeded('The call ended while it waited for its turn'));
      };
      const start = (): void => {
        this.#waiting.delete(start);
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.add(start);
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
    });
  }
}
