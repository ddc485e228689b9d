import {
  type DescMessage,
  type MessageInitShape,
  type Registry,
  create,
  createFileRegistry,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  type DescriptorProtoSchema,
  Edition,
  type FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FeatureSet_FieldPresence as Presence,
  FeatureSet_MessageEncoding as Encoding,
  FeatureSet_RepeatedFieldEncoding as RepeatedEncoding,
  FeatureSet_Utf8Validation as Utf8Validation,
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';

type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;
type Message = MessageInitShape<typeof DescriptorProtoSchema>;

const WELL_KNOWN_FILES = [
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
].map(({ proto }) => proto);

const SCALARS: readonly Type[] = [
  Type.DOUBLE,
  Type.FLOAT,
  Type.INT64,
  Type.UINT64,
  Type.INT32,
  Type.FIXED64,
  Type.FIXED32,
  Type.BOOL,
  Type.STRING,
  Type.BYTES,
  Type.UINT32,
  Type.SFIXED32,
  Type.SFIXED64,
  Type.SINT32,
  Type.SINT64,
];
const KEYS = SCALARS.filter((type) => ![Type.DOUBLE, Type.FLOAT, Type.BYTES].includes(type));
const WELL_KNOWN = [
  ...['Timestamp', 'Duration', 'FieldMask', 'Struct', 'Value', 'ListValue', 'Empty', 'Any'],
  ...['DoubleValue', 'FloatValue', 'Int64Value', 'UInt64Value', 'Int32Value', 'UInt32Value'],
  ...['BoolValue', 'StringValue', 'BytesValue'],
].map((name) => `.google.protobuf.${name}`);

/** Everything that a field may hold, in a fixed order. */
const TYPES: readonly Pick<Field, 'type' | 'typeName'>[] = [
  ...SCALARS.map((type) => ({ type })),
  { type: Type.ENUM, typeName: '.kinds.Colour' },
  { type: Type.ENUM, typeName: '.google.protobuf.NullValue' },
  { type: Type.MESSAGE, typeName: '.kinds.Leaf' },
  ...WELL_KNOWN.map((typeName) => ({ type: Type.MESSAGE, typeName })),
];

const field = (name: string, number: number, more: Field): Field => ({
  name,
  number,
  label: Label.OPTIONAL,
  jsonName: protoCamelCase(name),
  ...more,
});

const each = (prefix: string, more: Field, types = TYPES): Field[] =>
  types.map((type, index) => field(`${prefix}_${index + 1}`, index + 1, { ...type, ...more }));

/** A map field for each pair, with the entry message that it needs. */
function maps(
  parent: string,
  pairs: readonly { readonly key: Type; readonly value: Pick<Field, 'type' | 'typeName'> }[],
): Message {
  return {
    name: parent,
    field: pairs.map((_, index) =>
      field(`map_${index + 1}`, index + 1, {
        label: Label.REPEATED,
        type: Type.MESSAGE,
        typeName: `.kinds.${parent}.Map${index + 1}Entry`,
      }),
    ),
    nestedType: pairs.map(({ key, value }, index) => ({
      name: `Map${index + 1}Entry`,
      field: [field('key', 1, { type: key }), field('value', 2, value)],
      options: { mapEntry: true },
    })),
  };
}

const optionals = each('optional', { proto3Optional: true });

const PROTO3: readonly Message[] = [
  { name: 'Leaf', field: [field('leaf_name', 1, { type: Type.STRING }), field('size', 2, { type: Type.INT32 })] },
  { name: 'Singles', field: each('single', {}) },
  {
    name: 'Optionals',
    field: optionals.map((each, oneofIndex) => ({ ...each, oneofIndex })),
    oneofDecl: optionals.map(({ name }) => ({ name: `_${name}` })),
  },
  { name: 'Lists', field: each('list', { label: Label.REPEATED }) },
  {
    name: 'Unpacked',
    field: each('list', { label: Label.REPEATED, options: { packed: false } }, TYPES.slice(0, 16)).filter(
      ({ type }) => type !== Type.STRING && type !== Type.BYTES,
    ),
  },
  maps(
    'ByKey',
    KEYS.map((key) => ({ key, value: { type: Type.STRING } })),
  ),
  maps(
    'ByValue',
    TYPES.map((value) => ({ key: Type.STRING, value })),
  ),
  {
    name: 'Choices',
    field: [
      ...each('choice', { oneofIndex: 0 }),
      field('other', 100, { type: Type.STRING, oneofIndex: 1 }),
      field('another', 101, { type: Type.MESSAGE, typeName: '.kinds.Leaf', oneofIndex: 1 }),
    ],
    oneofDecl: [{ name: 'choice' }, { name: 'rest' }],
  },
  {
    name: 'Tree',
    field: [
      field('left', 1, { type: Type.MESSAGE, typeName: '.kinds.Tree' }),
      field('branches', 2, { type: Type.MESSAGE, typeName: '.kinds.Tree', label: Label.REPEATED }),
      field('singles', 3, { type: Type.MESSAGE, typeName: '.kinds.Singles' }),
      field('choices', 4, { type: Type.MESSAGE, typeName: '.kinds.Choices' }),
      field('old', 5, { type: Type.MESSAGE, typeName: '.kinds.Old' }),
      field('new', 6, { type: Type.MESSAGE, typeName: '.kinds.New' }),
      field('label', 2_000, { type: Type.STRING }),
      field('far_away', 536_870_911, { type: Type.INT32 }),
    ],
  },
  {
    name: 'Names',
    field: [
      field('a', 1, { type: Type.STRING, jsonName: 'é "\\\n' }),
      field('proto', 2, { type: Type.STRING, jsonName: '__proto__' }),
      field('constructor', 3, { type: Type.STRING }),
      field('an_int', 4, { type: Type.INT32, jsonName: '@int' }),
      field('same', 5, { type: Type.BOOL, jsonName: 'not_the_same' }),
    ],
  },
];

const PROTO2: readonly Message[] = [
  {
    name: 'Old',
    field: [
      field('needed', 1, { type: Type.STRING, label: Label.REQUIRED }),
      field('maybe', 2, { type: Type.INT32, defaultValue: '7' }),
      field('closed', 3, { type: Type.ENUM, typeName: '.kinds.Closed' }),
      field('numbers', 4, { type: Type.INT32, label: Label.REPEATED }),
      field('grouped', 5, { type: Type.GROUP, typeName: '.kinds.Old.Grouped' }),
    ],
    nestedType: [{ name: 'Grouped', field: [field('inside', 6, { type: Type.STRING })] }],
    extensionRange: [{ start: 100, end: 200 }],
  },
];

const EDITIONS: readonly Message[] = [
  {
    name: 'New',
    field: [
      field('explicit', 1, { type: Type.INT32 }),
      field('implicit', 2, { type: Type.INT32, options: { features: { fieldPresence: Presence.IMPLICIT } } }),
      field('expanded', 3, {
        type: Type.INT32,
        label: Label.REPEATED,
        options: { features: { repeatedFieldEncoding: RepeatedEncoding.EXPANDED } },
      }),
      field('lenient', 4, { type: Type.STRING, options: { features: { utf8Validation: Utf8Validation.NONE } } }),
      field('text', 5, { type: Type.STRING, options: { features: { fieldPresence: Presence.IMPLICIT } } }),
    ],
  },
  {
    name: 'Delimited',
    field: [
      field('plain', 1, { type: Type.STRING }),
      field('inner', 2, {
        type: Type.MESSAGE,
        typeName: '.kinds.New',
        options: { features: { messageEncoding: Encoding.DELIMITED } },
      }),
    ],
  },
];

const FILES = [
  {
    name: 'kinds/old.proto',
    package: 'kinds',
    syntax: 'proto2',
    messageType: PROTO2,
    enumType: [
      {
        name: 'Closed',
        value: [
          { name: 'OPEN', number: 1 },
          { name: 'SHUT', number: 2 },
        ],
      },
    ],
    extension: [field('added', 100, { type: Type.STRING, extendee: '.kinds.Old' })],
  },
  {
    name: 'kinds/new.proto',
    package: 'kinds',
    syntax: 'editions',
    edition: Edition.EDITION_2023,
    messageType: EDITIONS,
  },
  {
    name: 'kinds/kinds.proto',
    package: 'kinds',
    syntax: 'proto3',
    dependency: ['kinds/old.proto', 'kinds/new.proto', ...WELL_KNOWN_FILES.map(({ name }) => name)],
    messageType: PROTO3,
    enumType: [
      {
        name: 'Colour',
        options: { allowAlias: true },
        value: [
          { name: 'COLOUR_UNSPECIFIED', number: 0 },
          { name: 'RED', number: 1 },
          { name: 'SCARLET', number: 1 },
          { name: 'NEGATIVE', number: -5 },
        ],
      },
    ],
  },
];

const set = create(FileDescriptorSetSchema, {
  file: [...WELL_KNOWN_FILES, ...FILES.map((file) => create(FileDescriptorProtoSchema, file as never))],
});

/** A contract with fields of every kind, as it is read back from what an instance announces. */
export const everyKind: Registry = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, toBinary(FileDescriptorSetSchema, set)),
);

export function kind(name: string): DescMessage {
  const desc = everyKind.getMessage(`kinds.${name}`);
  if (!desc) throw new Error(`no message kinds.${name}`);
  return desc;
}

/** Names of the messages that the codecs read themselves, and of those that they leave to protobuf-es. */
export const PREPARED = PROTO3.map(({ name = '' }) => name).concat('New');
export const RARE = ['Old', 'Delimited'];
