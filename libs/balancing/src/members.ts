import { type Candidate, type EndpointState, newEndpoint } from './endpoint.js';
import { startSlowly } from './slow-start.js';

/**
 * The endpoints of a list, in its order. Who was there keeps what is known of it; a second candidate of one id is
 * ignored. Who joins others starts slowly; the first to come are all new alike, and there is no one to spare them.
 */
export function follow<T extends Candidate>(
  before: readonly EndpointState<T>[],
  candidates: readonly T[],
  slowStartMs: number,
  now: number,
): readonly EndpointState<T>[] {
  const known = new Map(before.map((endpoint) => [endpoint.candidate.id, endpoint]));
  const members = new Map<string, EndpointState<T>>();
  for (const candidate of candidates) {
    if (members.has(candidate.id)) continue;
    const stays = known.get(candidate.id);
    const endpoint = stays ?? newEndpoint(candidate, now);
    if (!stays && before.length > 0) startSlowly(endpoint, slowStartMs, now);
    endpoint.candidate = candidate;
    members.set(candidate.id, endpoint);
    known.delete(candidate.id);
  }
  for (const gone of known.values()) gone.member = false;
  return [...members.values()];
}
