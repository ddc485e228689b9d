import { type DescEnum, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import type { FieldRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import { bytesValue } from './bytes-value.js';
import { enumValue } from './enum-value.js';
import { fieldMaskValue } from './field-mask-value.js';
import { durationValue, timestampValue } from './moment-value.js';
import { longValue, numberValue } from './number-value.js';
import { stringValue } from './string-value.js';
import type { Value, ValueOptions } from './value.js';

/** Refers to the schema of a message or an enum, wherever the document has it. */
export type Refer = (desc: DescMessage | DescEnum) => Schema;

/** The type of one value: a field's, or that of each element of a list or map. */
export interface ValueType {
  readonly scalar?: ScalarType | undefined;
  readonly enum?: DescEnum | undefined;
  readonly message?: DescMessage | undefined;
}

const LONG: ReadonlySet<ScalarType> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);

const free = (schema: Schema, example: Value['example']): Value => ({ schema, notes: [], zeroFits: true, example });

/** One value as proto3 JSON writes it. A message that JSON writes as an object of its fields has no example here. */
export function singleValue(
  type: ValueType,
  rules: FieldRules | undefined,
  options: ValueOptions,
  refer: Refer,
): Value {
  if (type.message) return messageValue(type.message, rules, options, refer);
  if (type.enum?.typeName === 'google.protobuf.NullValue') return free({ type: 'null' }, null);
  if (type.enum) return enumValue(type.enum, rules, options, refer(type.enum));
  return scalarValue(type.scalar ?? ScalarType.STRING, rules, options);
}

function scalarValue(scalar: ScalarType, rules: FieldRules | undefined, options: ValueOptions): Value {
  if (scalar === ScalarType.STRING) return stringValue(rules, options);
  if (scalar === ScalarType.BYTES) return bytesValue(rules, options);
  if (scalar === ScalarType.BOOL) return boolValue(rules, options);
  return LONG.has(scalar) ? longValue(scalar, rules, options) : numberValue(scalar, rules, options);
}

function boolValue(rules: FieldRules | undefined, { nonZero }: ValueOptions): Value {
  const given = rules?.type.case === 'bool' ? rules.type.value : undefined;
  const only = given && Object.hasOwn(given, 'const') ? given.const : nonZero ? true : undefined;
  const zeroFits = only !== true && !nonZero;
  return {
    schema: { type: 'boolean', ...(only !== undefined && { const: only }) },
    notes: [],
    zeroFits,
    example: only ?? given?.example[0] ?? true,
  };
}

const STRUCT: Schema = { type: 'object', additionalProperties: true, description: 'Any JSON object.' };
const ANY_VALUE: Schema = { description: 'Any JSON value.' };

/** Whether JSON writes the message as an object of its fields. */
export const isPlain = (message: DescMessage): boolean =>
  !isWrapperDesc(message) && !Object.hasOwn(WELL_KNOWN, message.typeName);

const WELL_KNOWN: Readonly<Record<string, (rules: FieldRules | undefined) => Value>> = {
  'google.protobuf.Timestamp': timestampValue,
  'google.protobuf.Duration': durationValue,
  'google.protobuf.FieldMask': fieldMaskValue,
  'google.protobuf.Struct': () => free(STRUCT, {}),
  'google.protobuf.Value': () => free(ANY_VALUE, {}),
  'google.protobuf.ListValue': () => free({ type: 'array', items: ANY_VALUE }, []),
  'google.protobuf.Any': anyValue,
};

function messageValue(message: DescMessage, rules: FieldRules | undefined, options: ValueOptions, refer: Refer): Value {
  // A wrapper is its value, and tells by being there that zero is meant.
  if (isWrapperDesc(message)) return scalarValue(message.fields[0].scalar, rules, { ...options, nonZero: false });
  return WELL_KNOWN[message.typeName]?.(rules) ?? free(refer(message), undefined);
}

function anyValue(rules: FieldRules | undefined): Value {
  const given = rules?.type.case === 'any' ? rules.type.value : undefined;
  const type: Schema = {
    type: 'string',
    description: 'Names the type, as in `type.googleapis.com/google.protobuf.Duration`.',
    ...(given && given.in.length > 0 && { enum: given.in }),
    ...(given && given.notIn.length > 0 && { not: { enum: given.notIn } }),
  };
  const example = given && (given.in.length > 0 || given.notIn.length > 0) ? undefined : EMPTY;
  const description =
    'A message of any type: its fields, or its `value` when JSON writes it otherwise, beside its type.';
  return free({ type: 'object', properties: { '@type': type }, additionalProperties: true, description }, example);
}

const EMPTY = { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1.5s' };
