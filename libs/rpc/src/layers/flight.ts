import { type Endpoint, hashOf } from '@trellis/balancing';
import type { Instance } from '@trellis/discovery';
import type { Method } from '../upstream/method.js';
import type { FallbackKind } from '../rpc.js';
import type { Terms } from '../terms.js';

/** What the layers read of a call, whatever carries it. */
export interface AnyCall {
  readonly service: string;
  readonly path: string;
}

/** One call on its way through the layers: what was settled before it set out, and what has become of it so far. */
export interface Flight<Call extends AnyCall> {
  readonly call: Call;
  readonly method: Method;
  readonly terms: Terms;
  /** Whether it may be carried out twice. */
  readonly repeatable: boolean;
  /** For strategies that keep requests together. */
  readonly hash: number | undefined;
  /** Whom it went to, the first one first. */
  readonly tried: Endpoint<Instance>[];
  /** Whether it may have reached a server. */
  sent: boolean;
  /** Who answered. */
  instance: Instance | undefined;
  fallback: FallbackKind | undefined;
  /** Set while it waits in a bulkhead: lets it go on. */
  admit: (() => void) | undefined;
}

export function flightOf<Call extends AnyCall & { readonly hashKey?: string | undefined }>(
  call: Call,
  method: Method,
  terms: Terms,
  repeatable: boolean,
): Flight<Call> {
  return {
    call,
    method,
    terms,
    repeatable,
    hash: method.hashed && call.hashKey !== undefined ? hashOf(call.hashKey) : undefined,
    tried: [],
    sent: false,
    instance: undefined,
    fallback: undefined,
    admit: undefined,
  };
}

/**
 * Whether there is somebody whom it did not go to. Those whom it did go to may have left the pool meanwhile: their number
 * says nothing.
 */
export function hasOthers<Call extends AnyCall>({ method, tried }: Flight<Call>): boolean {
  for (const endpoint of method.seat.pool.endpoints) if (!tried.includes(endpoint)) return true;
  return false;
}

/**
 * One step of the way: does its part and leaves the rest to the layer within. Rejects with AttemptFailure only, and never
 * throws. On the way of every call no layer is an async function: it would have something to keep and nothing to wait for.
 */
export type Layer<Call extends AnyCall, Answer> = (flight: Flight<Call>) => Promise<Answer>;
