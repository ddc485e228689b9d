import type { CallResult, Candidate, Endpoint, EndpointState } from './endpoint.js';

/** What happened this long ago counts 1/e: long enough to ride out single errors, short enough to see an end of overload. */
const DECAY_MS = 1_000;
/** The part of its share that even one gets that refuses everything, or nobody would see it recover. */
const LEAST = 0.05;
/** Below this it is as good as none. */
const NEGLIGIBLE = 0.001;

/**
 * A call has ended. Strain is a moving average over time of the share of calls that failed or were refused
 * (RESOURCE_EXHAUSTED, 429). Without it an instance that refuses fast has few calls out and short latencies, and so
 * attracts what it cannot take.
 */
export function strain(endpoint: EndpointState<Candidate>, result: CallResult, now: number): void {
  if (result === 'cancelled') return;
  const kept = Math.exp(-(now - endpoint.strainAt) / DECAY_MS);
  // Calls that end at one moment still count: each at least as a hundredth of the decay time.
  const weight = Math.max(1 - kept, 0.01);
  const next = endpoint.strain * (1 - weight) + (result === 'ok' ? 0 : weight);
  endpoint.strain = next < NEGLIGIBLE ? 0 : next;
  endpoint.strainAt = now;
}

/** The part of its share that it gets, by how its recent calls went; comes back to 1 by itself. */
export function ease({ strain, strainAt }: Endpoint<Candidate>, now: number): number {
  return strain === 0 ? 1 : Math.max(LEAST, 1 - strain * Math.exp(-(now - strainAt) / DECAY_MS));
}
