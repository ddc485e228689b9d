import { duration } from '@trellis/config-file';
import { resourceExhausted } from '@trellis/errors';
import { gcra } from '@trellis/resilience';
import { z } from 'zod';
import type { Exchange } from '../exchange.js';
import type { RouteFacts, Scope, Tools } from './policy.js';

export const rate = z.strictObject({
  requests: z.int().min(1).max(1_000_000).describe('How many within `per`.'),
  per: duration.default(1_000).describe('1s when absent.'),
  burst: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('How many at once, after a rest. As many as `requests` when absent.'),
});

export type Rate = z.output<typeof rate>;

/** Takes one of what the key has, or refuses with 429. */
export type Taker = (exchange: Exchange, key: string) => void;

/** Whose count it is. */
export interface Place {
  /** What answers call the limit. */
  readonly label: string;
  readonly route: RouteFacts;
  readonly scope: Scope;
}

/**
 * Counts by GCRA. A limit of `defaults` has one count for all routes together, and a route's own one for that route; both
 * outlive the tables of routes, until their numbers are changed. Each gateway counts for itself.
 *
 * Answers say what is left by draft-ietf-httpapi-ratelimit-headers (of September 2025): `r` requests now, and `t` seconds
 * until there is one more.
 */
export function taker(settings: Rate, { label, route, scope }: Place, { keep }: Tools): Taker {
  const { requests, per, burst = requests } = settings;
  const intervalMs = per / requests;
  const whose = scope === 'route' ? route.id : 'all routes';
  const limit = keep(`limit ${label} of ${whose}: ${burst} and 1 in ${intervalMs}`, () => gcra({ burst, intervalMs }));
  const policy = policyField(label, settings);
  return (exchange, key) => {
    const left = limit.take(key, exchange.began);
    const wait = Math.ceil(((left < 0 ? -left : 1 - (left % 1)) * intervalMs) / 1_000);
    exchange.promise('ratelimit-policy', policy);
    exchange.promise('ratelimit', `"${label}";r=${left < 0 ? 0 : Math.floor(left)};t=${wait}`);
    if (left < 0) throw tooMany(label, wait);
  };
}

/** The window is said in whole seconds, at least one. */
function policyField(label: string, { requests, per }: Rate): string {
  const seconds = Math.max(1, Math.ceil(per / 1_000));
  return `"${label}";q=${Math.round((requests * seconds * 1_000) / per)};w=${seconds}`;
}

const tooMany = (label: string, retryAfter: number) =>
  resourceExhausted(`The limit per ${label} is used up`, {
    reason: 'RATE_LIMITED',
    retryAfter,
    metadata: { limit: label },
  });
