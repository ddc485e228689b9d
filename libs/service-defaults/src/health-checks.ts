/** Resolves when the thing checked is fine, rejects when it is not. */
export type HealthCheck = (signal: AbortSignal) => Promise<unknown>;

export interface HealthReport {
  readonly ok: boolean;
  /** "ok", or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

const CHECK_WITHIN_MS = 2_000;

/** What must work for the service to be ready: its database, say. Injectable; providers add theirs in `onModuleInit`. */
export class HealthChecks {
  readonly #checks = new Map<string, HealthCheck>();

  add(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** Runs all of them at once. One that takes longer than two seconds has failed. */
  async run(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    return { ok: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
  }
}

async function outcome(check: HealthCheck): Promise<string> {
  const signal = AbortSignal.timeout(CHECK_WITHIN_MS);
  const late = new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve(`no answer within ${CHECK_WITHIN_MS} ms`), { once: true });
  });
  return Promise.race([
    late,
    check(signal).then(
      () => 'ok',
      () => 'failed',
    ),
  ]);
}
