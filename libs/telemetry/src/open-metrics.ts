import type { DataPoint, Histogram, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/** A value that a bucket took, and the trace of the request that it belongs to. */
export interface Exemplar {
  readonly traceId: string;
  readonly value: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A point of a histogram with the newest exemplar of each bucket, where it has one. */
export interface ExemplarPoint extends DataPoint<Histogram> {
  readonly exemplars: readonly (Exemplar | undefined)[];
}

export const OPEN_METRICS = 'application/openmetrics-text';

const COUNTER_FAMILY = /^(# (?:HELP|TYPE) \S+)_total /;

/**
 * Prometheus' text format as OpenMetrics 1.0, which alone has a place for exemplars: counters lose `_total` where the family
 * is named, units go (they would have to end the name), and the end is marked. Written by hand, because the exporter knows
 * the older format only. https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 */
export function openMetrics(text: string, metrics: ResourceMetrics): string {
  const exemplars = exemplarsByFamily(metrics);
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# UNIT ')) continue;
    const bucket = line.startsWith('#') ? -1 : line.indexOf('_bucket{');
    const exemplar = bucket < 0 ? undefined : exemplars.get(line.slice(0, bucket))?.next().value;
    lines.push(exemplar ? `${line} ${shown(exemplar)}` : line.replace(COUNTER_FAMILY, '$1 '));
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

const shown = ({ traceId, value, at }: Exemplar): string => `# {trace_id="${traceId}"} ${value} ${at / 1_000}`;

/** By the family's name in the text, in the order in which its buckets stand there. */
function exemplarsByFamily({ scopeMetrics }: ResourceMetrics): Map<string, Iterator<Exemplar | undefined, undefined>> {
  const families = new Map<string, Iterator<Exemplar | undefined, undefined>>();
  for (const { descriptor, dataPoints } of scopeMetrics.flatMap((scope) => scope.metrics)) {
    const points: readonly object[] = dataPoints;
    if (points.length === 0 || !points.every(hasExemplars)) continue;
    const inOrder = points.flatMap(({ exemplars }) => exemplars);
    families.set(descriptor.name.replaceAll(/[^\w:]/g, '_'), inOrder[Symbol.iterator]());
  }
  return families;
}

const hasExemplars = (point: object): point is ExemplarPoint => 'exemplars' in point;
