import { DEFAULT_STRATEGY, type StrategyName } from '@trellis/balancing';
import type { B3Style } from '@trellis/telemetry';
import type {
  BreakerPolicy,
  BudgetPolicy,
  BulkheadPolicy,
  CallPolicies,
  FallbackPolicy,
  HashSource,
  HealthPolicy,
  HedgePolicy,
  OutlierPolicy,
  PolicyOverrides,
  RetryPolicy,
  ServiceOverrides,
  TlsPolicy,
} from './call-policies.js';

/** Everything that holds for the calls of one method. Times are in milliseconds; what is absent the algorithm decides. */
export interface CallPolicy {
  readonly strategy: StrategyName;
  readonly timeout: number | undefined;
  readonly attemptTimeout: number;
  readonly retries: RetryPolicy;
  readonly budget: BudgetPolicy;
  readonly breaker: BreakerPolicy | false;
  readonly bulkhead: BulkheadPolicy | false;
  readonly hedge: HedgePolicy | false;
  readonly fallback: FallbackPolicy | false;
  readonly hash: HashSource | undefined;
  readonly outlier: OutlierPolicy | false;
  readonly zone: boolean;
  readonly slowStart: number | undefined;
  readonly panic: number | undefined;
  readonly subset: number | undefined;
  readonly connectTimeout: number | undefined;
  readonly readTimeout: number | undefined;
  readonly writeTimeout: number | undefined;
  readonly b3: B3Style | undefined;
  readonly tls: TlsPolicy | false;
  readonly health: HealthPolicy | false;
}

/**
 * Three in all: of three instances two may die together. The waits are those of Envoy's retries.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter
 */
const RETRIES: RetryPolicy = { attempts: 3, backoff: 25, maxBackoff: 250 };

/** Shorter than Hystrix's five seconds: finding out costs three calls, and a restart here takes a second or two. */
const BREAKER = { open: 2_000 } satisfies BreakerPolicy;

/** 1,024 is what Envoy lets through to one cluster at once. The queue takes up what arrives in one burst. */
const BULKHEAD: BulkheadPolicy = { group: 'default', limit: 1_024, queue: 128 };

/** An instance that is ill is out after half a minute; who wants to know it earlier says so. */
const HEALTH: HealthPolicy = { path: '/health', interval: 10_000, timeout: 1_000, healthy: 2, unhealthy: 3 };

/** Without a file. */
const BUILT_IN: CallPolicy = {
  strategy: DEFAULT_STRATEGY,
  timeout: undefined,
  attemptTimeout: 1_000,
  retries: RETRIES,
  budget: {},
  breaker: BREAKER,
  bulkhead: BULKHEAD,
  hedge: false,
  fallback: false,
  hash: undefined,
  outlier: {},
  zone: true,
  slowStart: undefined,
  panic: undefined,
  subset: undefined,
  connectTimeout: undefined,
  readTimeout: undefined,
  writeTimeout: undefined,
  b3: undefined,
  tls: false,
  health: false,
};

/** What holds for a method: built in, then the file's defaults, its entry for the service, and those for the method. */
export function policyOf(policies: CallPolicies, service: string, path: string): CallPolicy {
  const ofService = policies.services?.[service];
  const whole = [policies.defaults, ofService].reduce(ofTheService, BUILT_IN);
  return [policies.defaults, ofService, ...ofMethod(ofService?.methods, path)].reduce<CallPolicy>(overridden, whole);
}

/** What a method has no say in. */
function ofTheService(policy: CallPolicy, over: ServiceOverrides | undefined): CallPolicy {
  if (!over) return policy;
  return {
    ...policy,
    budget: { ...policy.budget, ...over.budget },
    connectTimeout: over.connectTimeout ?? policy.connectTimeout,
    readTimeout: over.readTimeout ?? policy.readTimeout,
    writeTimeout: over.writeTimeout ?? policy.writeTimeout,
    b3: over.b3 ?? policy.b3,
    tls: over.tls === undefined ? policy.tls : over.tls && (over.tls === true ? {} : over.tls),
    health: part(over.health, policy.health, HEALTH),
  };
}

/** From the least to the most specific of `GetPost`, `BlogService/GetPost` and `trellis.blog.v1.BlogService/GetPost`. */
function ofMethod(methods: Readonly<Record<string, PolicyOverrides>> | undefined, path: string) {
  if (!methods) return [];
  const full = path.slice(1);
  const slash = full.lastIndexOf('/');
  const withService = full.slice(full.lastIndexOf('.', slash) + 1);
  return [...new Set([full.slice(slash + 1), withService, full])].map((name) => methods[name]);
}

function overridden(policy: CallPolicy, over: PolicyOverrides | undefined): CallPolicy {
  if (!over) return policy;
  return {
    ...policy,
    strategy: over.strategy ?? policy.strategy,
    timeout: over.timeout ?? policy.timeout,
    attemptTimeout: over.attemptTimeout ?? policy.attemptTimeout,
    retries: part(over.retries, policy.retries, RETRIES) || { ...RETRIES, attempts: 1 },
    breaker: part(over.breaker, policy.breaker, BREAKER),
    bulkhead: part(over.bulkhead, policy.bulkhead, BULKHEAD),
    hedge: part(over.hedge, policy.hedge, {}),
    fallback: over.fallback ?? policy.fallback,
    hash: over.hash ?? policy.hash,
    outlier: part(over.outlier, policy.outlier, {}),
    zone: over.zone ?? policy.zone,
    slowStart: over.slowStart ?? policy.slowStart,
    panic: over.panic ?? policy.panic,
    subset: over.subset ?? policy.subset,
  };
}

/** `false` switches a part off; naming any of its fields switches it on again. */
function part<T extends object>(over: Partial<T> | false | undefined, policy: T | false, builtIn: T): T | false {
  if (over === undefined) return policy;
  return over === false ? false : { ...(policy || builtIn), ...over };
}
