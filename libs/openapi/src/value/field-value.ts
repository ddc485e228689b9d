import { type DescField, type JsonValue, ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence as Presence } from '@bufbuild/protobuf/wkt';
import { type FieldRules, Ignore } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import { celNotes, ignoresZero, rulesOf } from './field-rules.js';
import { type Refer, type ValueType, singleValue } from './single-value.js';
import type { Value, ValueOptions } from './value.js';

/** A field's value with what its rules say, lists and maps too. Of these, `example` is that of one element. */
export interface FieldValue extends Value {
  /** Whether the JSON of the message must have it. */
  readonly required: boolean;
  /** How many elements a list or a map must have. */
  readonly least: number;
  /** An example of a map's key. */
  readonly key?: JsonValue | undefined;
}

type Many = Omit<FieldValue, 'required'>;

/** For each document, the fields that were asked for: their rules are read once. */
const known = new WeakMap<Refer, Map<DescField, FieldValue>>();

export function fieldValue(field: DescField, refer: Refer): FieldValue {
  let fields = known.get(refer);
  if (!fields) known.set(refer, (fields = new Map()));
  let value = fields.get(field);
  if (!value) fields.set(field, (value = readField(field, refer)));
  return value;
}

function readField(field: DescField, refer: Refer): FieldValue {
  const rules = rulesOf(field);
  const asked = rules?.required === true || field.presence === Presence.LEGACY_REQUIRED;
  const options = { name: field.name, nonZero: asked && field.presence === Presence.IMPLICIT };
  const value: Many =
    field.fieldKind === 'list'
      ? listValue(field, rules, options, refer)
      : field.fieldKind === 'map'
        ? mapValue(field, rules, options, refer)
        : { ...singleValue(field, rules, options, refer), least: 0 };
  const noted = { ...value, notes: [...value.notes, ...(rules ? celNotes(rules) : [])] };
  // A field without presence is never absent for its rules: it is zero.
  if (field.presence !== Presence.IMPLICIT || value.zeroFits) return { ...noted, required: asked };
  if (asked || !ignoresZero(field, rules)) return { ...noted, required: true };
  const zero = field.fieldKind === 'list' ? [] : field.fieldKind === 'map' ? {} : zeroOf(field);
  return { ...noted, schema: orElse(zero, value.schema), required: false };
}

function listValue(
  field: DescField & { fieldKind: 'list' },
  rules: FieldRules | undefined,
  { name, nonZero }: ValueOptions,
  refer: Refer,
): Many {
  const given = rules?.type.case === 'repeated' ? rules.type.value : undefined;
  const element = elementValue(field, given?.items, name, refer);
  const least = Math.max(Number(given?.minItems ?? 0), nonZero ? 1 : 0);
  return {
    schema: {
      type: 'array',
      items: withNotes(element),
      ...(least > 0 && { minItems: least }),
      ...(given && Object.hasOwn(given, 'maxItems') && { maxItems: Number(given.maxItems) }),
      ...(given?.unique && { uniqueItems: true }),
    },
    notes: [],
    zeroFits: least === 0,
    example: element.example,
    least,
  };
}

function mapValue(
  field: DescField & { fieldKind: 'map' },
  rules: FieldRules | undefined,
  { name, nonZero }: ValueOptions,
  refer: Refer,
): Many {
  const given = rules?.type.case === 'map' ? rules.type.value : undefined;
  const element = elementValue(field, given?.values, name, refer);
  const key = elementValue({ scalar: field.mapKey }, given?.keys, 'key', refer);
  const least = Math.max(Number(given?.minPairs ?? 0), nonZero ? 1 : 0);
  return {
    schema: {
      type: 'object',
      ...keyNames(field.mapKey, key, given?.keys),
      additionalProperties: withNotes(element),
      ...(least > 0 && { minProperties: least }),
      ...(given && Object.hasOwn(given, 'maxPairs') && { maxProperties: Number(given.maxPairs) }),
    },
    notes: key.notes.map((note) => `Keys: ${note}`),
    zeroFits: least === 0,
    example: element.example,
    least,
    key: key.example,
  };
}

/** What JSON's keys may be, which are always text. */
function keyNames(scalar: ScalarType, { schema, notes }: Value, rules: FieldRules | undefined): Schema {
  if (scalar === ScalarType.STRING) return rules ? { propertyNames: schema } : {};
  if (scalar === ScalarType.BOOL) return { propertyNames: { enum: ['true', 'false'] } };
  return { propertyNames: { pattern: '^-?[0-9]+$', ...(notes.length > 0 && { description: notes.join(' ') }) } };
}

function elementValue(type: ValueType, rules: FieldRules | undefined, name: string, refer: Refer): Value {
  const held = rules?.ignore === Ignore.ALWAYS ? undefined : rules;
  const value = singleValue(type, held, { name, nonZero: false }, refer);
  const noted = { ...value, notes: [...value.notes, ...(held ? celNotes(held) : [])] };
  if (held?.ignore !== Ignore.IF_ZERO_VALUE || value.zeroFits || type.message) return noted;
  return { ...noted, schema: orElse(zeroOf(type), value.schema), zeroFits: true };
}

/** A schema with the sentences that belong to it. */
export const withNotes = ({ schema, notes }: Pick<Value, 'schema' | 'notes'>): Schema =>
  notes.length === 0 ? schema : { ...schema, description: [schema.description ?? [], notes].flat().join(' ') };

const orElse = (zero: JsonValue, schema: Schema): Schema => ({ anyOf: [{ const: zero }, schema] });

function zeroOf({ scalar, enum: names }: ValueType): JsonValue {
  if (names) return names.value[0]?.name ?? 0;
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return '';
    case ScalarType.BOOL:
      return false;
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return '0';
    default:
      return 0;
  }
}
