import type { MethodPolicy } from '@trellis/contracts';
import type { Binding } from '@trellis/transcoding';

/** A method of a contract under one HTTP form, and what holds for its callers. */
export interface ApiRoute {
  readonly binding: Binding;
  /** Name under which the instances register. Its routes stand together. */
  readonly service: string;
  /** Of the instances that answer; empty when they have none. */
  readonly version: string;
  /** What the contract asks of callers, or more where the gateway does. */
  readonly access: MethodPolicy;
  readonly limits?: RouteLimits;
  /** What a request must have besides method and path, for people: `header x-beta: 1`. */
  readonly conditions?: readonly string[];
}

export interface RouteLimits {
  /** Largest body, in bytes. */
  readonly maxBody?: number;
  /** The answer is there by then, in milliseconds. */
  readonly timeoutMs?: number;
  readonly rates?: readonly RateLimit[];
}

export interface RateLimit {
  /** So many requests… */
  readonly quota: number;
  /** …in so many seconds… */
  readonly windowSeconds: number;
  /** …for whom, for people: `address`, `caller`. */
  readonly per: string;
}
