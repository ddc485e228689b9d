import type { Candidate, Endpoint, EndpointState } from './endpoint.js';

/**
 * Least part of its share that a newcomer gets, or it would never warm up. Envoy's default `min_weight_percent`
 * (https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/slow_start).
 */
const LEAST = 0.1;

/** From now on this one warms up. 0 milliseconds: it is warm. */
export function startSlowly(endpoint: EndpointState<Candidate>, slowStartMs: number, now: number): void {
  endpoint.warmFrom = now;
  endpoint.warmAt = now + slowStartMs;
}

/** The part of its share that it gets: grows evenly with time, as Envoy's with an aggression of 1. 1 once it is warm. */
export function warmth({ warmFrom, warmAt }: Endpoint<Candidate>, now: number): number {
  return now >= warmAt ? 1 : Math.max(LEAST, (now - warmFrom) / (warmAt - warmFrom));
}
