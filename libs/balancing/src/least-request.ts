import type { Candidate, Endpoint } from './endpoint.js';
import type { Strategy } from './strategy.js';
import { twoChoices } from './two-choices.js';
import { weightOf } from './weight.js';

export interface LeastRequestOptions {
  /**
   * How much calls that are out speak against an endpoint: 0 is weights alone, 1 full, more is harder. Named and by
   * default as Envoy's `active_request_bias`
   * (https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/load_balancers#weighted-least-request),
   * which schedules by weight / (active + 1)^bias; here two drawn by weight are compared by active^bias / weight.
   */
  readonly activeRequestBias?: number;
}

/** Of two, the one with fewer calls out for its weight. What is slow, hangs or is far keeps its calls longer, so gets fewer. */
export function leastRequest({ activeRequestBias: bias = 1 }: LeastRequestOptions = {}): Strategy {
  const load = (endpoint: Endpoint<Candidate>): number => {
    const { active } = endpoint;
    if (active === 0 || bias === 0) return 0;
    // A zero weight is drawn only where all are zero, or the others were tried.
    return (bias === 1 ? active : active ** bias) / (weightOf(endpoint) || 1);
  };
  return { picker: (random) => twoChoices(random, load) };
}
