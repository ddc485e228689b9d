import { type Meter, metrics } from '@opentelemetry/api';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import { metricName } from './names.js';

/** Milliseconds between two looks at the event loop: finer than any delay that a caller would notice. */
const PRECISION_MS = 20;

/** The event loop's delay and use, garbage collections and heap as the conventions name them; CPU time and memory. */
export function instrumentRuntime(): void {
  registerInstrumentations({
    instrumentations: [new RuntimeNodeInstrumentation({ monitoringPrecision: PRECISION_MS })],
  });
  measureProcess(metrics.getMeter('trellis'));
}

function measureProcess(meter: Meter): void {
  meter
    .createObservableCounter(metricName.processCpu, { unit: 's', description: 'CPU time of all threads' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / 1e6);
    });
  meter
    .createObservableGauge(metricName.processMemory, { unit: 'By', description: 'Resident set' })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
}
