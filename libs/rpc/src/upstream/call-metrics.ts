import type { Attributes, BatchObservableResult, Histogram, Observable } from '@opentelemetry/api';
import type { BreakerState } from '@trellis/resilience';
import { attribute, meter, metricName } from '@trellis/telemetry';
import type { Method } from './method.js';
import type { Upstream } from './upstream.js';

/** Seconds: the buckets that the semantic conventions advise for both durations. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const STATES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The protocol's part of what a duration is filed under; few values each. */
export type Filing = 'rpcClientDuration' | 'httpClientDuration';

/**
 * What a process knows of the calls that it makes. Only the duration is recorded per call, under attributes that are made
 * once; everything else is counted in plain numbers and read when somebody scrapes.
 */
export class CallMetrics {
  readonly #durations: Readonly<Record<Filing, Histogram>>;
  readonly #filed = new WeakMap<Method, Map<string, Attributes>>();
  readonly #stop: () => void;

  constructor(upstreams: () => Iterable<Upstream>, elapsed: () => number) {
    const metrics = meter();
    const histogram = (name: string): Histogram =>
      metrics.createHistogram(name, { unit: 's', advice: { explicitBucketBoundaries: BUCKETS } });
    this.#durations = {
      rpcClientDuration: histogram(metricName.rpcClientDuration),
      httpClientDuration: histogram(metricName.httpClientDuration),
    };
    const counters = {
      attempts: metrics.createObservableCounter(metricName.rpcAttempts),
      retries: metrics.createObservableCounter(metricName.rpcRetries),
      hedges: metrics.createObservableCounter(metricName.rpcHedges),
      fallbacks: metrics.createObservableCounter(metricName.rpcFallbacks),
      ejections: metrics.createObservableCounter(metricName.rpcEjections),
      refusals: metrics.createObservableCounter(metricName.rpcRefusals),
      circuit: metrics.createObservableGauge(metricName.rpcCircuit),
      instances: metrics.createObservableGauge(metricName.rpcInstances),
    };
    const observe = (result: BatchObservableResult): void => {
      for (const upstream of upstreams()) report(upstream, counters, elapsed(), result);
    };
    const observed: Observable[] = Object.values(counters);
    metrics.addBatchObservableCallback(observe, observed);
    this.#stop = () => metrics.removeBatchObservableCallback(observe, observed);
  }

  /** `status`: name of the gRPC code, or the HTTP status; of a request without an answer the code that stands for why. */
  record(filing: Filing, method: Method, status: string, ms: number): void {
    let ofMethod = this.#filed.get(method);
    if (!ofMethod) this.#filed.set(method, (ofMethod = new Map()));
    let attributes = ofMethod.get(status);
    if (!attributes) ofMethod.set(status, (attributes = FILINGS[filing](method, status)));
    this.#durations[filing].record(ms / 1_000, attributes);
  }

  close(): void {
    this.#stop();
  }
}

const FILINGS: Readonly<Record<Filing, (method: Method, status: string) => Attributes>> = {
  rpcClientDuration: ({ upstream, path }, status) => ({
    [attribute.rpcSystem]: 'grpc',
    [attribute.rpcMethod]: path.slice(1),
    [attribute.rpcStatus]: status,
    [attribute.service]: upstream.service,
  }),
  httpClientDuration: ({ upstream }, status) => ({
    [/^\d/.test(status) ? attribute.httpStatus : attribute.errorType]: status,
    [attribute.service]: upstream.service,
  }),
};

type Counter = 'attempts' | 'retries' | 'hedges' | 'fallbacks' | 'ejections' | 'refusals' | 'circuit' | 'instances';

function report(
  { service, counts, breakers, pools }: Upstream,
  counters: Readonly<Record<Counter, Observable>>,
  now: number,
  result: BatchObservableResult,
): void {
  const about = { [attribute.service]: service };
  for (const name of ['attempts', 'retries', 'hedges', 'ejections'] as const) {
    result.observe(counters[name], counts[name], about);
  }
  for (const kind of ['backup', 'prepared', 'last-good'] as const) {
    result.observe(counters.fallbacks, counts[kind], { ...about, [attribute.fallback]: kind });
  }
  result.observe(counters.refusals, counts.refused, { ...about, [attribute.refusal]: 'bulkhead' });
  result.observe(counters.refusals, counts.heldBack, { ...about, [attribute.refusal]: 'circuit' });
  for (const [group, breaker] of breakers) {
    result.observe(counters.circuit, STATES[breaker.state(now)], { ...about, [attribute.group]: group });
  }
  let size = 0;
  let ejected = 0;
  for (const pool of pools.all()) {
    const stats = pool.stats(now);
    size = Math.max(size, stats.size);
    ejected = Math.max(ejected, stats.ejected);
  }
  result.observe(counters.instances, size - ejected, { ...about, [attribute.instanceState]: 'usable' });
  result.observe(counters.instances, ejected, { ...about, [attribute.instanceState]: 'ejected' });
}
