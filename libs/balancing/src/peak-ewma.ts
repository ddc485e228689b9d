import type { CallResult, Candidate, Endpoint, EndpointState } from './endpoint.js';
import type { Strategy } from './strategy.js';
import { twoChoices } from './two-choices.js';
import { weightOf } from './weight.js';

/** Finagle's and Linkerd's default: https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency */
const DECAY_MS = 10_000;

/**
 * Cost of a call to one that has never answered and has calls out: one is tried, and nothing more until it answers.
 * Finagle's `Penalty` (finagle-core `PeakEwma.scala`); any latency is below it.
 */
const UNKNOWN = 1e12;

export interface PeakEwmaOptions {
  /** After so many milliseconds a latency counts 1/e of what it did. */
  readonly decayMs?: number;
}

/**
 * Of two, the one where this call would cost less: latency × (calls out + 1). The latency is a moving average that jumps
 * to every peak at once and comes down slowly (Finagle's `PeakEwma`), so a pause is believed when it is seen and
 * recovery only when it lasts.
 */
export function peakEwma({ decayMs = DECAY_MS }: PeakEwmaOptions = {}): Strategy {
  const kept = (since: number) => Math.exp(-Math.max(0, since) / decayMs);

  function cost(endpoint: Endpoint<Candidate>, now: number, averageWeight: number): number {
    const { active, latency, latencyAt, waitingSince } = endpoint;
    if (active === 0) return latency * kept(now - latencyAt);
    if (latency === 0) return UNKNOWN + active;
    // Finagle looks at finished calls alone. The age of what is out is a latency as well, if not yet a whole one: so
    // a frozen endpoint is dear before its first call runs into a timeout.
    return (
      Math.max(latency * kept(now - latencyAt), now - waitingSince) *
      ((active * averageWeight) / (weightOf(endpoint) || averageWeight) + 1)
    );
  }

  function learn(endpoint: EndpointState<Candidate>, result: CallResult, latencyMs: number, now: number): void {
    const weight = kept(now - endpoint.latencyAt);
    const average = endpoint.latency * weight + latencyMs * (1 - weight);
    const peak = latencyMs > endpoint.latency;
    // How fast one is given up says nothing, and how fast one fails is no merit: it stays as dear as it was.
    if (!peak && result === 'cancelled') return;
    if (peak || result === 'ok') endpoint.latency = peak ? latencyMs : average;
    endpoint.latencyAt = now;
  }

  return { picker: (random) => twoChoices(random, cost), learn };
}
