import type { HealthPolicy } from '../policy/call-policies.js';

/** What is known of one instance from being asked. */
export interface HealthRecord {
  readonly healthy: boolean;
  /** Answers in a row that say otherwise. */
  readonly contrary: number;
}

/** Nobody is out before it was found ill: a start must not wait for the first answers. */
export const PRESUMED: HealthRecord = { healthy: true, contrary: 0 };

/** The record after one more answer. It turns over when so many in a row contradict it, so one lost packet changes nothing. */
export function judged(
  { healthy, contrary }: HealthRecord,
  well: boolean,
  policy: Pick<HealthPolicy, 'healthy' | 'unhealthy'>,
): HealthRecord {
  if (well === healthy) return { healthy, contrary: 0 };
  const enough = healthy ? policy.unhealthy : policy.healthy;
  return contrary + 1 >= enough ? { healthy: well, contrary: 0 } : { healthy, contrary: contrary + 1 };
}
