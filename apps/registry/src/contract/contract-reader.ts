import { ServiceError } from '@trellis/errors';
import { LRUCache } from 'lru-cache';
import type { CallerLimits } from '../limits/caller-limits.js';
import { type Contract, readContract } from './contract.js';

/** Bytes of all contracts whose types are kept: some 150 versions of ordinary ones, and about 20 times as much memory. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** What is kept of a contract that was refused counts as much. */
const REFUSAL_BYTES = 2_048;
interface Read {
  readonly bytes: number;
  readonly outcome: Contract | ServiceError;
}

/** Reads each contract once, the bad ones too, however often it is announced. */
export class ContractReader {
  readonly #read = new LRUCache<string, Read>({ maxSize: KEPT_BYTES, sizeCalculation: ({ bytes }) => bytes });
  readonly #limits: CallerLimits;

  constructor(limits: CallerLimits) {
    this.#limits = limits;
  }

  /** A contract that is listed already; undefined for one that a registry with other bounds has listed once. */
  listed(key: string, descriptorSet: Uint8Array, grpcServices: readonly string[]): Contract | undefined {
    const { outcome } = this.#read.get(key) ?? this.#readNow(key, descriptorSet, grpcServices);
    return outcome instanceof ServiceError ? undefined : outcome;
  }

  /**
   * A contract that `service` announces. Throws what `readContract` throws, and RESOURCE_EXHAUSTED for one new contract too
   * many.
   */
  announced(service: string, key: string, descriptorSet: Uint8Array, grpcServices: readonly string[]): Contract {
    if (!this.#read.has(key)) this.#limits.take(service, 'contracts');
    const { outcome } = this.#read.get(key) ?? this.#readNow(key, descriptorSet, grpcServices);
    if (outcome instanceof ServiceError) throw outcome;
    return outcome;
  }

  #readNow(key: string, descriptorSet: Uint8Array, grpcServices: readonly string[]): Read {
    let read: Read;
    try {
      read = { bytes: Math.max(1, descriptorSet.length), outcome: readContract(descriptorSet, grpcServices) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { code, message, violations } = error; // its cause may hold what was read
      read = { bytes: REFUSAL_BYTES, outcome: new ServiceError(code, message, { violations }) };
    }
    this.#read.set(key, read);
    return read;
  }
}
