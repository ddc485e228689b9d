import { Buffer } from 'node:buffer';
import type { Tag } from './jaeger-model.js';
import type { AnyValue, KeyValue } from './gen/opentelemetry/proto/common/v1/common_pb.js';

const NOTHING: AnyValue['value'] = { case: undefined };

/** An OTLP attribute as Jaeger shows it: lists and maps become JSON text. */
export function tagOf({ key, value }: KeyValue): Tag {
  const { case: kind, value: content } = value?.value ?? NOTHING;
  switch (kind) {
    case 'boolValue':
      return { key, type: 'bool', value: content };
    case 'intValue':
      return { key, type: 'int64', value: exact(content) };
    case 'doubleValue':
      return { key, type: 'float64', value: Number.isFinite(content) ? content : String(content) };
    case 'bytesValue':
      return { key, type: 'binary', value: Buffer.from(content).toString('base64') };
    case 'arrayValue':
    case 'kvlistValue':
      return { key, type: 'string', value: JSON.stringify(plain(value)) };
    default:
      return { key, type: 'string', value: content ?? '' };
  }
}

function plain(any: AnyValue | undefined): unknown {
  const { case: kind, value } = any?.value ?? NOTHING;
  switch (kind) {
    case undefined:
      return null;
    case 'intValue':
      return exact(value);
    case 'bytesValue':
      return Buffer.from(value).toString('base64');
    case 'arrayValue':
      return value.values.map(plain);
    case 'kvlistValue':
      return Object.fromEntries(value.values.map((entry) => [entry.key, plain(entry.value)] as const).sort(byKey));
    default:
      return value;
  }
}

// As Go writes a map.
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const exact = (value: bigint): number | string =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
