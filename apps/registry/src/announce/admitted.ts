import type { Instance } from '@trellis/contracts/registry/v1';

/** What an announcement has become. */
export interface Admitted {
  /** With what the registry says of it: its state, the contract's hash and its methods. */
  readonly instance: Instance;
  readonly contract?: Uint8Array;
  /** Why the contract waits for an operator. */
  readonly pending: readonly string[];
}
