import type { Attributes, HrTime } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type HistogramMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { Exemplar, ExemplarPoint } from './open-metrics.js';

/** Seconds. The boundaries that OpenTelemetry recommends for the durations of calls and requests. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** As many as the SDK keeps of an instrument of its own; whatever comes on top is counted together. */
const MAX_SERIES = 2_000;
const OVERFLOW: Attributes = { 'otel.metric.overflow': true };

/** The values under one set of attributes. */
export interface Series {
  /** `traceId`: of the request, if its trace is recorded, so that somebody who sees the value can look at one like it. */
  record(seconds: number, traceId?: string): void;
}

/** A histogram of durations whose attributes are looked up beforehand. */
export interface PreparedHistogram {
  /** The same for the same attributes. To be kept by whoever records often. */
  series(attributes: Attributes): Series;
}

/** By name: they belong to the process, as the API's instruments do. */
const histograms = new Map<string, DurationHistogram>();

/**
 * A histogram for what happens with every request. The API's own writes its attributes out as JSON for each value, to find
 * where that belongs: some 1.5 µs. Here a value costs 0.02, and they are scraped all the same.
 */
export function durationHistogram(name: string, description = ''): PreparedHistogram {
  let histogram = histograms.get(name);
  if (!histogram) histograms.set(name, (histogram = new DurationHistogram(name, description)));
  return histogram;
}

/** Hands the prepared histograms to whoever reads metrics. */
export const preparedMetrics: MetricProducer = {
  async collect(): Promise<CollectionResult> {
    const now = hrTime();
    const metrics = [...histograms.values()].map((histogram) => histogram.data(now));
    const scopeMetrics = [{ scope: { name: 'trellis' }, metrics }];
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
  },
};

/** Begins to count anew, for a spec. */
export function clearPreparedMetrics(): void {
  for (const histogram of histograms.values()) histogram.clear();
}

class DurationHistogram implements PreparedHistogram {
  readonly #descriptor: HistogramMetricData['descriptor'];
  readonly #series = new Map<string, Durations>();

  constructor(name: string, description: string) {
    this.#descriptor = { name, description, unit: 's', valueType: 1 };
  }

  series(attributes: Attributes): Series {
    const key = JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.#series.get(key);
    if (known) return known;
    if (this.#series.size >= MAX_SERIES && attributes !== OVERFLOW) return this.series(OVERFLOW);
    const made = new Durations(attributes);
    this.#series.set(key, made);
    return made;
  }

  data(now: HrTime): HistogramMetricData {
    return {
      descriptor: this.#descriptor,
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [...this.#series.values()].flatMap((series) => series.point(now)),
    };
  }

  clear(): void {
    for (const series of this.#series.values()) series.clear();
  }
}

class Durations implements Series {
  readonly #attributes: Attributes;
  readonly #began = hrTime();
  readonly #counts = new Array<number>(BOUNDARIES.length + 1).fill(0);
  /** The newest of each bucket: none where no traces are recorded. */
  readonly #exemplars = new Array<Exemplar | undefined>(BOUNDARIES.length + 1).fill(undefined);
  #count = 0;
  #sum = 0;

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  record(seconds: number, traceId?: string): void {
    if (!(seconds >= 0)) return; // one NaN would stay in the sum for ever
    this.#count += 1;
    this.#sum += seconds;
    let bucket = 0;
    while (bucket < BOUNDARIES.length && seconds > (BOUNDARIES[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (traceId !== undefined) this.#exemplars[bucket] = { traceId, value: seconds, at: Date.now() };
  }

  /** None before the first value. */
  point(now: HrTime): ExemplarPoint[] {
    if (this.#count === 0) return [];
    const buckets = { boundaries: BOUNDARIES, counts: [...this.#counts] };
    const value = { buckets, count: this.#count, sum: this.#sum };
    const exemplars = [...this.#exemplars];
    return [{ startTime: this.#began, endTime: now, attributes: this.#attributes, value, exemplars }];
  }

  clear(): void {
    this.#counts.fill(0);
    this.#exemplars.fill(undefined);
    this.#count = 0;
    this.#sum = 0;
  }
}
