import { create } from '@bufbuild/protobuf';
import { type Instance, InstanceSchema, State } from '@trellis/contracts/registry/v1';
import type { SessionId } from './command.js';

/** One line of the catalogue. Times are milliseconds of the time in which the registry was awake. */
export interface Entry {
  /** As it was announced; its state is what it says of itself. */
  own: Instance;
  /** As watchers see it. */
  instance: Instance;
  session: SessionId;
  lease: number;
  heardAt: number;
  /** Since when its stream is broken. */
  brokenAt?: number;
  /** Since when it is listed in spite of its silence. */
  heldSince?: number;
  /** When it is looked at next. */
  dueAt: number;
  /** Why its contract waits for an operator. */
  pending: readonly string[];
  /** An operator has taken it out of the rotation. */
  drained: boolean;
  /** The registry's own questions find it ill. */
  ill: boolean;
}

/**
 * The state that watchers see. What waits for an operator takes no calls, whatever else holds; the operator's word counts
 * more than the instance's; and a stream that broke makes a suspect only of one that would take calls: one that drains or
 * is not ready gets none either way, as a suspect it might.
 */
export function shownState({ own, pending, drained, ill, brokenAt }: Entry): State {
  if (pending.length > 0) return State.PENDING;
  if (drained) return State.DRAINING;
  if (own.state !== State.SERVING) return own.state;
  if (brokenAt !== undefined) return State.SUSPECT;
  return ill ? State.NOT_SERVING : State.SERVING;
}

/** The same object when the state is the same. */
export const withState = (instance: Instance, state: State): Instance =>
  instance.state === state ? instance : create(InstanceSchema, { ...instance, state });
