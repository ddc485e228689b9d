import { accessLog } from './access-log.js';
import { auth } from './auth.js';
import { compression } from './compression.js';
import { cors } from './cors.js';
import { ipList } from './ip-list.js';
import { limitPerAddress } from './limit-per-address.js';
import { limitPerCaller } from './limit-per-caller.js';
import { maxBody } from './max-body.js';
import { metrics } from './metrics.js';
import type { InForce, Pipeline, Policy, RouteFacts, Step, Tools } from './policy.js';
import { readOnly } from './read-only.js';
import { requestHeaders } from './request-headers.js';
import { requestId } from './request-id.js';
import { responseHeaders } from './response-headers.js';
import { servedBy } from './served-by.js';
import { timeout } from './timeout.js';

/** All of them, in the order in which a request meets them. An answer meets them in the opposite order. */
export const POLICIES: readonly Policy<unknown>[] = [
  // First, so that whatever is said of the request names it.
  requestId,
  // Whatever becomes of it.
  metrics,
  accessLog,
  // A browser asks without a token, and its page may read every refusal that comes after. What it asks beforehand is answered
  // here, before addresses and limits are looked at, as Kong, Envoy and APISIX do: it reaches nobody, costs less than to
  // count it, and to refuse it would hide the refusal of the request itself.
  cors,
  ipList,
  // Before anything waits or reads.
  timeout,
  maxBody,
  readOnly,
  // Before a token is verified: who has none, or a million, is held here.
  limitPerAddress,
  auth,
  limitPerCaller,
  requestHeaders,
  // Of what the answer is by now, nothing but its ids and what browsers are told is added later.
  responseHeaders,
  compression,
  servedBy,
];

/** Settings by policy: what the configuration file says under `defaults` or a route. */
export type Settings = Readonly<Record<string, unknown>>;

/** Prepares every policy for a route. What the route says of a policy replaces what `defaults` says. */
export function pipelineOf(facts: RouteFacts, defaults: Settings, own: Settings, tools: Tools): Pipeline {
  const policies: InForce[] = [];
  const steps = POLICIES.flatMap((policy): Step[] => {
    const { name } = policy;
    const from = Object.hasOwn(own, name) ? 'route' : 'defaults';
    const settings = from === 'route' ? own[name] : defaults[name];
    const step = settings === false ? undefined : policy.prepare(settings, facts, tools, from);
    if (!step) return [];
    policies.push({ name, settings, from });
    return [step];
  });
  return {
    policies,
    request: steps.flatMap((step) => (step.request ? [step.request.bind(step)] : [])),
    answer: steps.toReversed().flatMap((step) => (step.answer ? [step.answer.bind(step)] : [])),
    end: steps.toReversed().flatMap((step) => (step.end ? [step.end.bind(step)] : [])),
    preflights: steps.some((step) => step.preflights === true),
  };
}
