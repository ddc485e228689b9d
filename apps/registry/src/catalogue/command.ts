import type { Instance, State } from '@trellis/contracts/registry/v1';
import type { Kept } from '../snapshot/kept.js';

/** Whoever holds an entry: a number that is never used twice. */
export type SessionId = number;

/** What the catalogue can be told. */
export type Command =
  | {
      readonly kind: 'announce';
      readonly session: SessionId;
      /** Its state is what it says of itself. */
      readonly instance: Instance;
      /** The bytes that `instance.contractHash` names; absent when it names none. */
      readonly contract?: Uint8Array;
      /** Milliseconds without a beat after which it leaves; the timing's lease unless told. */
      readonly lease?: number;
      /** Why its contract waits for an operator; none, or an approved contract: it does not. */
      readonly pending?: readonly string[];
    }
  | { readonly kind: 'beat'; readonly session: SessionId; readonly state: State }
  | { readonly kind: 'leave'; readonly session: SessionId }
  | { readonly kind: 'break'; readonly session: SessionId }
  | { readonly kind: 'tick' }
  /** An operator takes an instance out of the rotation, or puts it back. */
  | { readonly kind: 'drain'; readonly id: string; readonly on: boolean }
  /** An operator admits a contract, also for those who will announce it later. */
  | { readonly kind: 'approve'; readonly hash: string }
  /** The registry has asked the instance for its health itself. */
  | { readonly kind: 'probe'; readonly id: string; readonly healthy: boolean }
  /** An entry of the registry's life before. It has its own lease and one more to be heard of. */
  | { readonly kind: 'restore'; readonly session: SessionId; readonly kept: Kept };

/** "replaced": another instance of the service has its address now. */
export type LeaveReason = 'deregistered' | 'session lost' | 'lease expired' | 'replaced';

/** One step of the catalogue's history; revisions follow one another without a gap. */
export type Change =
  | { readonly revision: bigint; readonly kind: 'joined' | 'changed'; readonly instance: Instance }
  | { readonly revision: bigint; readonly kind: 'left'; readonly instance: Instance; readonly reason: LeaveReason };

export interface Release {
  readonly session: SessionId;
  /** "superseded": another session has announced the same instance. */
  readonly reason: LeaveReason | 'superseded';
}

/** Evictions of a service's silent instances have stopped, or go on again. */
export interface Notice {
  readonly service: string;
  readonly preserved: boolean;
  /** How many are listed though their leases have run out. */
  readonly held: number;
}

export interface Result {
  readonly changes: readonly Change[];
  /** Sessions that held an entry before the command and hold none any more. */
  readonly released: readonly Release[];
  readonly notices: readonly Notice[];
}
