import type { Logger } from '@trellis/telemetry';

/** Resolves when the thing checked is fine, rejects when it is not. */
export type HealthCheck = (signal: AbortSignal) => Promise<unknown>;

export interface HealthReport {
  readonly ok: boolean;
  /** "ok", or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Kubernetes gives a probe one second to ten; two leave room for the answer. */
const CHECK_WITHIN_MS = 2_000;

/** What must work for the service to be ready: its database, say. Injectable; providers add theirs in `onModuleInit`. */
export class HealthChecks {
  readonly #checks = new Map<string, { readonly check: HealthCheck; readonly required: boolean }>();
  readonly #failing = new Set<string>();
  readonly #logger: Pick<Logger, 'info' | 'warn'> | undefined;
  readonly #withinMs: number;

  constructor(logger?: Pick<Logger, 'info' | 'warn'>, withinMs = CHECK_WITHIN_MS) {
    this.#logger = logger;
    this.#withinMs = withinMs;
  }

  /** One that is not required is shown and keeps no calls away: Kafka, whose events wait in the outbox. */
  add(name: string, check: HealthCheck, { required = true }: { readonly required?: boolean } = {}): void {
    this.#checks.set(name, { check, required });
  }

  /** Runs all of them at once. One that takes too long has failed. */
  async run(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, { check, required }]) => {
        const { result, error } = await outcome(check, this.#withinMs);
        this.#note(name, result, error);
        return { name, result, fine: result === 'ok' || !required };
      }),
    );
    return {
      ok: results.every(({ fine }) => fine),
      checks: Object.fromEntries(results.map(({ name, result }) => [name, result])),
    };
  }

  /** Logs a change, and not each probe: the answer does not have the reason, which may hold an address. */
  #note(check: string, result: string, error: unknown): void {
    if (result === 'ok') {
      if (this.#failing.delete(check)) this.#logger?.info({ check }, 'a health check is fine again');
    } else if (!this.#failing.has(check)) {
      this.#failing.add(check);
      this.#logger?.warn({ check, result, err: error }, 'a health check fails');
    }
  }
}

interface Outcome {
  readonly result: string;
  readonly error?: unknown;
}

async function outcome(check: HealthCheck, withinMs: number): Promise<Outcome> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), withinMs);
  const answered = (async () => check(late.signal))().then(
    () => ({ result: 'ok' }),
    (error: unknown) => ({ result: 'failed', error }),
  );
  const silent = new Promise<Outcome>((resolve) => {
    late.signal.addEventListener('abort', () => resolve({ result: `no answer within ${withinMs} ms` }), { once: true });
  });
  return Promise.race([answered, silent]).finally(() => clearTimeout(timer));
}
