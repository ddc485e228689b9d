import type { Instance } from '@trellis/contracts/registry/v1';

/** What of an entry outlives the registry's process. */
export interface Kept {
  /** Its state is what it said of itself. */
  readonly instance: Instance;
  readonly contract?: Uint8Array;
  /** Milliseconds. */
  readonly lease: number;
  readonly pending: readonly string[];
  readonly drained: boolean;
}

/** What of the catalogue outlives the registry's process. */
export interface KeptState {
  readonly entries: readonly Kept[];
  /** Hashes of the contracts that an operator has admitted. */
  readonly approved: readonly string[];
}
