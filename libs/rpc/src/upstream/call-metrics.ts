import type { Attributes, BatchObservableResult, Observable } from '@opentelemetry/api';
import type { BreakerState } from '@trellis/resilience';
import {
  type PreparedHistogram,
  type Series,
  attribute,
  durationHistogram,
  meter,
  metricName,
} from '@trellis/telemetry';
import type { Method } from './method.js';
import type { Upstream } from './upstream.js';

const STATES: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** The protocol's part of what a duration is filed under; few values each. */
export type Filing = 'rpcClientDuration' | 'httpClientDuration';

/**
 * What a process knows of the calls that it makes. Only the duration is recorded per call, in a series that is looked up
 * once; everything else is counted in plain numbers and read when somebody scrapes.
 */
export class CallMetrics {
  readonly #durations: Readonly<Record<Filing, PreparedHistogram>> = {
    rpcClientDuration: durationHistogram(metricName.rpcClientDuration),
    httpClientDuration: durationHistogram(metricName.httpClientDuration),
  };
  readonly #filed = new WeakMap<Method, Map<string, Series>>();
  readonly #stop: () => void;

  constructor(upstreams: () => Iterable<Upstream>, elapsed: () => number) {
    const metrics = meter();
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
    let series = ofMethod.get(status);
    if (!series) ofMethod.set(status, (series = this.#durations[filing].series(FILINGS[filing](method, status))));
    series.record(ms / 1_000);
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
  { service, counts, breakers, pools, health }: Upstream,
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
  const ill = health?.states().filter(({ healthy }) => !healthy).length ?? 0;
  result.observe(counters.instances, ill, { ...about, [attribute.instanceState]: 'unhealthy' });
}
