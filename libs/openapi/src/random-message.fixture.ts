import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type JsonValue,
  type Message,
  ScalarType,
  create,
  fromJson,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect';
import { AnySchema, DurationSchema, TimestampSchema, anyPack, isWrapperDesc } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';

/** Texts and numbers near the bounds of the rules in the test contracts, among others. */
const TEXTS = [
  '',
  'a',
  'b',
  'c',
  'ab',
  'aab',
  'a.b',
  'abc',
  '.b',
  'é',
  '😀',
  '😀😀',
  '😀😀😀',
  'abcd',
  'ada@example.com',
];
const text = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'grapheme', maxLength: 6 }));
const number = fc.oneof(fc.integer({ min: -3, max: 7 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1));
const long = fc.oneof(fc.bigInt({ min: -3n, max: 7n }), fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n));
const real = fc.oneof(fc.constantFrom(0, -0, -1, 1, 1.5, NaN, Infinity, -Infinity), fc.double({ noNaN: true }));
const natural = fc.oneof(fc.integer({ min: 0, max: 7 }), fc.constant(2 ** 32 - 1));
const longNatural = fc.oneof(fc.bigInt({ min: 0n, max: 7n }), fc.constant(2n ** 64n - 1n));

const SCALARS: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  [ScalarType.DOUBLE]: real,
  [ScalarType.FLOAT]: real.map(Math.fround),
  [ScalarType.INT32]: number,
  [ScalarType.SINT32]: number,
  [ScalarType.SFIXED32]: number,
  [ScalarType.UINT32]: natural,
  [ScalarType.FIXED32]: natural,
  [ScalarType.INT64]: long,
  [ScalarType.SINT64]: long,
  [ScalarType.SFIXED64]: long,
  [ScalarType.UINT64]: longNatural,
  [ScalarType.FIXED64]: longNatural,
  [ScalarType.BOOL]: fc.boolean(),
  [ScalarType.STRING]: text,
  [ScalarType.BYTES]: fc.uint8Array({ maxLength: 6 }),
};

const nanos = fc.oneof(fc.constant(0), fc.constantFrom(1, 500_000_000, 100_000_000));
const timestamp = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1767225598, max: 1767225602 }), fc.integer({ min: -62135596800, max: 253402300799 })),
    nanos,
  )
  .map(([seconds, fraction]) => create(TimestampSchema, { seconds: BigInt(seconds), nanos: fraction }));
const duration = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 61 }), fc.integer({ min: 0, max: 315_576_000_000 })), nanos, fc.boolean())
  .map(([seconds, fraction, negative]) => {
    const sign = negative ? -1 : 1;
    return create(DurationSchema, { seconds: BigInt(sign * seconds), nanos: sign * fraction });
  });
const jsonObject = fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>, { maxKeys: 3 });

/** A random message that proto3 JSON can write, with the enum values that the contract knows. */
export function randomMessage(desc: DescMessage, depth = 2): fc.Arbitrary<Message> {
  return special(desc) ?? plain(desc, depth);
}

function special(desc: DescMessage): fc.Arbitrary<Message> | undefined {
  switch (desc.typeName) {
    case 'google.protobuf.Timestamp':
      return timestamp;
    case 'google.protobuf.Duration':
      return duration;
    case 'google.protobuf.Any':
      return fc.oneof(
        duration.map((each) => anyPack(DurationSchema, each)),
        fc.constant(create(AnySchema)),
      );
    case 'google.protobuf.FieldMask':
      return fc
        .array(fc.constantFrom('title', 'post.title', 'post.display_name'), { maxLength: 2 })
        .map((paths) => build(desc, (message) => addAll(message, 'paths', paths)));
    case 'google.protobuf.Struct':
      return jsonObject.map((json) => fromJson(desc, json));
    case 'google.protobuf.Value':
      return fc.jsonValue({ maxDepth: 2 }).map((json) => fromJson(desc, json as JsonValue));
    case 'google.protobuf.ListValue':
      return fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }).map((json) => fromJson(desc, json as JsonValue));
    default:
      return undefined;
  }
}

function plain(desc: DescMessage, depth: number): fc.Arbitrary<Message> {
  const members = desc.members.map((member): fc.Arbitrary<(message: ReflectMessage) => void> => {
    const chosen = member.kind === 'oneof' ? fc.constantFrom(...member.fields) : fc.constant(member);
    return chosen.chain((field) =>
      fc.oneof(
        fc.constant(() => undefined),
        setter(field, depth),
      ),
    );
  });
  return fc.tuple(...members).map((setters) => build(desc, (message) => setters.forEach((set) => set(message))));
}

/** Sets the field to something; a message in a message only so deep. */
export function setter(field: DescField, depth: number): fc.Arbitrary<(message: ReflectMessage) => void> {
  if (field.message && depth === 0 && !isWrapperDesc(field.message) && !special(field.message))
    return fc.constant(() => undefined);
  const value = single(field, depth);
  if (field.fieldKind === 'list') {
    return fc.array(value, { maxLength: 3 }).map((values) => (message) => addAll(message, field.localName, values));
  }
  if (field.fieldKind === 'map') {
    return fc.array(fc.tuple(SCALARS[field.mapKey], value), { maxLength: 3 }).map((entries) => (message) => {
      const map = message.get(field) as { set(key: unknown, value: unknown): unknown };
      for (const [key, each] of entries) map.set(key, each);
    });
  }
  return value.map((each) => (message) => message.set(field, each as never));
}

function single(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const { message, enum: names, scalar } = field;
  if (message) return randomMessage(message, depth - 1).map((each) => reflect(message, each));
  return names ? ofEnum(names) : SCALARS[scalar ?? ScalarType.STRING];
}

const ofEnum = (desc: DescEnum): fc.Arbitrary<number> => fc.constantFrom(...desc.values.map((value) => value.number));

function build(desc: DescMessage, fill: (message: ReflectMessage) => void): Message {
  const message = reflect(desc, create(desc));
  fill(message);
  return message.message;
}

function addAll(message: ReflectMessage, name: string, values: readonly unknown[]): void {
  const field = message.fields.find(({ localName }) => localName === name) as DescField;
  const list = message.get(field) as { add(...values: unknown[]): unknown };
  for (const value of values) list.add(value);
}
