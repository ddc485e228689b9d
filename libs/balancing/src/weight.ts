import type { Candidate, Endpoint } from './endpoint.js';

/** A weight that can be reckoned with: what is no positive number counts as zero. */
export function weightOf({ candidate: { weight } }: Endpoint<Candidate>): number {
  return weight > 0 && weight < Infinity ? weight : 0;
}

/** Weights of a list in its order; all one where all are zero, as somebody has to do the work. */
export function weightsOf(endpoints: readonly Endpoint<Candidate>[]): readonly number[] {
  const weights = endpoints.map(weightOf);
  return weights.some((weight) => weight > 0) ? weights : weights.map(() => 1);
}
