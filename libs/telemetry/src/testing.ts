import { type Attributes, context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type DataPoint, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  ParentBasedSampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { clearPreparedMetrics, preparedMetrics } from './prepared-histogram.js';
import { DecidedSampler } from './sampling.js';

/** Installs tracing into memory for a spec; ended spans are found in what it returns. */
export function recordSpans(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const sampler = new DecidedSampler(new ParentBasedSampler({ root: new AlwaysOnSampler() }));
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  trace.setGlobalTracerProvider(new TracerProvider({ sampler, spanProcessors }));
  return exporter;
}

/** Measures into memory for a spec. */
class MemoryReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/** A series of a metric: its attributes, and its value, or how many values a histogram took. */
export interface MeasuredPoint {
  readonly attributes: Attributes;
  readonly value: number;
}

/** Installs metrics into memory for a spec. What it returns collects all points of a metric by its name. */
export function recordMetrics(): (name: string) => Promise<readonly MeasuredPoint[]> {
  clearPreparedMetrics();
  const reader = new MemoryReader({ metricProducers: [preparedMetrics] });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  return async (name) => {
    const { resourceMetrics } = await reader.collect();
    return resourceMetrics.scopeMetrics
      .flatMap((scope) => scope.metrics)
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }): readonly DataPoint<number | { readonly count: number }>[] => dataPoints)
      .map(({ attributes, value }) => ({ attributes, value: typeof value === 'number' ? value : value.count }));
  };
}
