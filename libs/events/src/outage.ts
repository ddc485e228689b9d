import type { Logger } from '@trellis/telemetry';

/** Says once that something is away and once that it is back, however often it is tried in between. */
export class Outage {
  #failures = 0;

  constructor(
    private readonly logger: Logger,
    /** A sentence's subject: "Publishing events". */
    private readonly what: string,
  ) {}

  /** How many failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  failed(error: unknown): void {
    this.#failures += 1;
    if (this.#failures === 1)
      this.logger.warn({ err: error }, `${this.what} is interrupted; trying again until it works`);
    else this.logger.debug({ err: error, failures: this.#failures }, `${this.what} is still interrupted`);
  }

  worked(): void {
    if (this.#failures > 0) this.logger.info({ failures: this.#failures }, `${this.what} works again`);
    this.#failures = 0;
  }
}
