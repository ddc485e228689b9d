import {
  type DescExtension,
  type DescField,
  type DescMessage,
  type JsonReadOptions,
  type JsonValue,
  type Message,
  type Registry,
  fromJson,
} from '@bufbuild/protobuf';
import { fieldsOf, isPlain } from '../message-field.js';
import { daysInMonth } from './calendar.js';

/**
 * `fromJson` of protobuf-es, but for times that are none: it takes the 30th of February for the 2nd of March and 24:00 for the
 * next day, and looks at nothing that follows the s of a Duration. Throws for these too.
 */
export function strictFromJson(
  desc: DescMessage,
  json: JsonValue,
  options: Partial<JsonReadOptions> & { readonly registry: Registry },
): Message {
  const message = fromJson(desc, json, options);
  if (!hasRealTimes(desc, json, options.registry)) throw new Error('There is no such time');
  return message;
}

/** Whether the times in JSON that `fromJson` takes are such. */
function hasRealTimes(desc: DescMessage, json: JsonValue, registry: Registry): boolean {
  if (typeof json === 'string') return IS_REAL[desc.typeName]?.(json) ?? true;
  if (typeof json !== 'object' || json === null || Array.isArray(json) || !mayHoldTimes(desc)) return true;
  if (desc.typeName === ANY) {
    const inner = registry.getMessage(String(json['@type']).replace(/^.*\//, ''));
    const own = inner && (isPlain(inner) ? json : json['value']);
    return inner === undefined || own === undefined || hasRealTimes(inner, own, registry);
  }
  return Object.entries(json).every(([key, value]) => {
    const field = fieldsOf(desc).get(key) ?? registry.getExtension(key.slice(1, -1));
    const type = field?.message;
    return !type || valuesOf(field, value).every((one) => hasRealTimes(type, one, registry));
  });
}

const ANY = 'google.protobuf.Any';

/** Members of the text of each: `2026-01-31T12:34:56.789+01:00`, `-1.5s`. */
const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DURATION = /^-?\d+(?:\.\d{1,9})?s$/;

const IS_REAL: Readonly<Record<string, (text: string) => boolean>> = {
  'google.protobuf.Timestamp': (text) => {
    const [, year, month, day] = TIMESTAMP.exec(text) ?? [];
    return Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), Number(month));
  },
  'google.protobuf.Duration': (text) => DURATION.test(text),
};

/** The messages in a field's JSON. */
function valuesOf(field: DescField | DescExtension, json: JsonValue): JsonValue[] {
  if (field.fieldKind === 'list' && Array.isArray(json)) return json;
  return field.fieldKind === 'map' && typeof json === 'object' && json !== null ? Object.values(json) : [json];
}

const known = new WeakMap<DescMessage, boolean>();

/** Whether a time can be somewhere in the message, so that most messages need not be looked through. */
function mayHoldTimes(desc: DescMessage): boolean {
  let may = known.get(desc);
  if (may === undefined) known.set(desc, (may = reachesTimes(desc, new Set())));
  return may;
}

function reachesTimes(desc: DescMessage, seen: Set<DescMessage>): boolean {
  if (Object.hasOwn(IS_REAL, desc.typeName) || desc.typeName === ANY || desc.proto.extensionRange.length > 0)
    return true;
  seen.add(desc);
  return desc.fields.some(({ message }) => message !== undefined && !seen.has(message) && reachesTimes(message, seen));
}
