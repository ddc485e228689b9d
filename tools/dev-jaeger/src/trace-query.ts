import { z } from 'zod';
import { parseGoDuration } from './go-duration.js';
import type { Span, Tag } from './jaeger-model.js';
import type { Trace } from './trace-store.js';

/** What to look for. A trace is found when one of its spans has all of it. Times are microseconds. */
export interface TraceQuery {
  readonly service: string | undefined;
  readonly operation: string | undefined;
  /** Values as text. Found among a span's attributes, its process's and its events'. */
  readonly tags: Readonly<Record<string, string>>;
  readonly start: number;
  readonly end: number;
  readonly minDuration: number;
  readonly maxDuration: number;
  readonly limit: number;
}

/** Jaeger's own defaults. */
const DEFAULT_LIMIT = 100;
const DEFAULT_LOOKBACK_US = 48 * 3_600_000_000;
/** What one answer may hold; a trace may have thousands of spans. */
const MAX_LIMIT = 1_500;

export class BadQuery extends Error {}

/** Reads Jaeger's query parameters. Throws `BadQuery`. `now` in epoch milliseconds. */
export function parseTraceQuery(parameters: URLSearchParams, now: number): TraceQuery {
  const value = (name: string) => parameters.get(name)?.trim() || undefined;
  const duration = (name: string, otherwise: number): number => {
    const given = value(name);
    return given === undefined ? otherwise : (parseGoDuration(given) ?? unusable(name, 'a duration such as 100ms'));
  };
  const integer = (name: string, otherwise: number): number => {
    const given = value(name) ?? String(otherwise);
    return /^\d{1,16}$/.test(given) ? Number(given) : unusable(name, 'an integer');
  };
  const end = integer('end', now * 1000);
  // "custom" is what Jaeger's page sends along with a start of its own.
  const lookback = value('lookback') === 'custom' ? DEFAULT_LOOKBACK_US : duration('lookback', DEFAULT_LOOKBACK_US);
  const [minDuration, maxDuration] = [duration('minDuration', 0), duration('maxDuration', Infinity)];
  if (maxDuration < minDuration) throw new BadQuery(`'maxDuration' should be greater than 'minDuration'`);
  return {
    service: value('service'),
    operation: value('operation'),
    tags: { ...tagList(parameters.getAll('tag').filter(Boolean)), ...tagObject(value('tags')) },
    start: integer('start', Math.max(0, Math.round(end - lookback))),
    end,
    minDuration,
    maxDuration,
    limit: Math.min(integer('limit', DEFAULT_LIMIT), MAX_LIMIT),
  };
}

/** Traces that answer the query, the latest start first. */
export function findTraces(traces: Iterable<Trace>, query: TraceQuery): Trace[] {
  const found = [...traces].filter(({ spans }) => spans.some((span) => matches(span, query)));
  return found
    .map((trace) => ({ trace, start: Math.min(...trace.spans.map(({ startTime }) => startTime)) }))
    .sort((a, b) => b.start - a.start)
    .slice(0, query.limit)
    .map(({ trace }) => trace);
}

function matches(span: Span, query: TraceQuery): boolean {
  return (
    (query.service === undefined || span.process.serviceName === query.service) &&
    (query.operation === undefined || span.operationName === query.operation) &&
    span.startTime >= query.start &&
    span.startTime <= query.end &&
    span.duration >= query.minDuration &&
    span.duration <= query.maxDuration &&
    Object.entries(query.tags).every(([key, value]) => hasTag(span, key, value))
  );
}

function hasTag(span: Span, key: string, value: string): boolean {
  const among = (tags: readonly Tag[]) => tags.some((tag) => tag.key === key && String(tag.value) === value);
  return among(span.tags) || among(span.process.tags) || span.logs.some(({ fields }) => among(fields));
}

/** `tag=error:true`; the value may hold colons. */
function tagList(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const colon = pair.indexOf(':');
      return colon > 0 ? [pair.slice(0, colon), pair.slice(colon + 1)] : unusable('tag', 'key:value');
    }),
  );
}

const TagObject = z.record(z.string(), z.string());

/** `tags={"error":"true"}` */
function tagObject(given: string | undefined): Record<string, string> {
  if (given === undefined) return {};
  try {
    return TagObject.parse(JSON.parse(given));
  } catch {
    return unusable('tags', 'a JSON object of strings');
  }
}

function unusable(name: string, expected: string): never {
  throw new BadQuery(`unable to parse param '${name}': it is not ${expected}`);
}
