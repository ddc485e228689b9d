import type { Candidate, Endpoint } from './endpoint.js';

/** How calls of one zone are spread. */
export interface Spread<T extends Candidate> {
  readonly local: readonly Endpoint<T>[];
  /** Who takes what the zone does not keep. */
  readonly others: readonly Endpoint<T>[];
  /** Share of the calls that stay, 0 to 1. */
  readonly localShare: number;
}

/**
 * Keeps calls in their zone as far as it has the capacity, and spills the rest to zones that have some to spare: Envoy's
 * zone-aware routing (https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/zone_aware),
 * with one assumption for what Envoy is told: that callers are spread evenly over the zones of `all` and their own. A zone with at
 * least its 1/Z of those `usable` keeps everything; with less it keeps that part and spills the rest. Envoy divides the spill
 * by how much each zone has to spare; here all instances of such zones are alike, and strategies that look at answers even
 * it out.
 */
export function spread<T extends Candidate>(
  all: readonly Endpoint<T>[],
  usable: readonly Endpoint<T>[],
  zone: string,
): Spread<T> {
  const zones = new Set([zone, ...all.map(({ candidate }) => candidate.zone)]).size;
  const byZone = Map.groupBy(usable, ({ candidate }) => candidate.zone);
  const local = byZone.get(zone) ?? [];
  const localShare = usable.length === 0 ? 0 : Math.min(1, (local.length * zones) / usable.length);
  const spares = [...byZone.values()].filter((list) => list !== local && list.length * zones > usable.length).flat();
  // While nothing spills, the others are for retries alone: then anyone will do.
  const others = localShare < 1 ? spares : usable.filter(({ candidate }) => candidate.zone !== zone);
  return { local, others, localShare };
}
