import type { Instance } from '@trellis/discovery';
import type { Logger } from '@trellis/telemetry';
import type { HealthPolicy } from '../policy/call-policies.js';
import type { InstanceHealth } from '../rpc.js';
import { type HealthRecord, PRESUMED, judged } from './health-record.js';

/** Asks an instance whether it is well; rejects when it is not, or does not say so in time. */
export type Probe = (instance: Instance, signal: AbortSignal) => Promise<void>;

export interface HealthChecksOptions {
  readonly policy: HealthPolicy;
  readonly probe: Probe;
  /** Who is to be asked. */
  readonly instances: () => readonly Instance[];
  /** Somebody is out now, or in again. */
  readonly onChange: () => void;
  readonly logger: Pick<Logger, 'warn'>;
  /** In [0, 1). */
  readonly random: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Patient {
  readonly instance: Instance;
  readonly gone: AbortController;
  record: HealthRecord;
  since: number;
  probes: number;
  failures: number;
  lastFailure: string | undefined;
}

/** Asks the instances of one service for their health as long as they are listed, each once at a time. */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #patients = new Map<string, Patient>();

  constructor(options: HealthChecksOptions) {
    this.#options = options;
    this.follow();
  }

  /** The directory lists others now. One that has moved is another one. */
  follow(): void {
    const listed = new Map(this.#options.instances().map((instance) => [instance.id, instance]));
    for (const [id, { instance, gone }] of this.#patients) {
      if (listed.get(id)?.address === instance.address) continue;
      gone.abort();
      this.#patients.delete(id);
    }
    for (const instance of listed.values()) if (!this.#patients.has(instance.id)) this.#begin(instance);
  }

  isHealthy({ id }: Instance): boolean {
    return this.#patients.get(id)?.record.healthy ?? true;
  }

  states(): InstanceHealth[] {
    return [...this.#patients.values()].map(({ instance, record, since, probes, failures, lastFailure }) => ({
      service: instance.service,
      instance: instance.id,
      address: instance.address,
      healthy: record.healthy,
      since,
      probes,
      failures,
      lastFailure,
    }));
  }

  stop(): void {
    for (const { gone } of this.#patients.values()) gone.abort();
    this.#patients.clear();
  }

  #begin(instance: Instance): void {
    const { random, policy, now } = this.#options;
    const about = { record: PRESUMED, since: now(), probes: 0, failures: 0, lastFailure: undefined };
    const patient: Patient = { instance, gone: new AbortController(), ...about };
    this.#patients.set(instance.id, patient);
    // At random within the first interval, so that instances and gateways that started together do not ask together.
    this.#later(patient, policy.interval * random());
  }

  /** The next question is put when the last one has been answered for so long. */
  #later(patient: Patient, ms: number): void {
    const { signal } = patient.gone;
    const ask = (): void => {
      signal.removeEventListener('abort', stop);
      void this.#ask(patient);
    };
    const timer = setTimeout(ask, ms).unref();
    const stop = (): void => clearTimeout(timer);
    signal.addEventListener('abort', stop, { once: true });
  }

  async #ask(patient: Patient): Promise<void> {
    const { instance, gone } = patient;
    const failure = await this.#options.probe(instance, gone.signal).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (gone.signal.aborted) return;
    this.#record(patient, failure);
    this.#later(patient, this.#options.policy.interval);
  }

  #record(patient: Patient, failure: string | undefined): void {
    const { policy, logger, now, onChange } = this.#options;
    const { healthy } = patient.record;
    patient.probes += 1;
    patient.record = judged(patient.record, failure === undefined, policy);
    if (failure !== undefined) {
      patient.failures += 1;
      patient.lastFailure = failure;
    }
    if (patient.record.healthy === healthy) return;
    patient.since = now();
    const { service, id } = patient.instance;
    logger.warn(
      { service, instance: id, failure },
      healthy ? 'instance is not well and gets no calls' : 'instance is well',
    );
    onChange();
  }
}
