import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';

const SCALARS: Partial<Record<ScalarType, string>> = {
  [ScalarType.DOUBLE]: 'must be a number',
  [ScalarType.FLOAT]: 'must be a number within the range of 32 bits',
  [ScalarType.BOOL]: 'must be true or false',
  [ScalarType.STRING]: 'must be a text',
  [ScalarType.BYTES]: 'must be a text in base64',
  [ScalarType.UINT32]: 'must be a whole number from 0 to 4294967295',
  [ScalarType.FIXED32]: 'must be a whole number from 0 to 4294967295',
  [ScalarType.UINT64]: 'must be a whole number of at most 64 bits, not negative',
  [ScalarType.FIXED64]: 'must be a whole number of at most 64 bits, not negative',
  [ScalarType.INT64]: 'must be a whole number of at most 64 bits',
  [ScalarType.SINT64]: 'must be a whole number of at most 64 bits',
  [ScalarType.SFIXED64]: 'must be a whole number of at most 64 bits',
};
const INT32 = 'must be a whole number from -2147483648 to 2147483647';

const MESSAGES: Readonly<Record<string, string>> = {
  'google.protobuf.Timestamp': 'must be a time such as "2026-01-31T12:00:00Z"',
  'google.protobuf.Duration': 'must be a duration in seconds such as "1.5s"',
  'google.protobuf.FieldMask': 'must be a text that names fields, such as "title,displayName"',
  'google.protobuf.Any': 'must be an object whose "@type" names a known message',
  'google.protobuf.ListValue': 'must be an array',
  'google.protobuf.Value': 'must be a JSON value',
};

/** What JSON a field (or each element or value of a list or map) takes, worded to follow its name: "must be a text". */
export function describeType(field: DescField): string {
  if (field.message) return describeMessage(field.message);
  return field.enum ? describeEnum(field.enum) : describeScalar(field.scalar);
}

export function describeMessage(message: DescMessage): string {
  if (isWrapperDesc(message)) return describeScalar(message.fields[0].scalar);
  return MESSAGES[message.typeName] ?? 'must be an object';
}

const describeScalar = (scalar: ScalarType | undefined): string =>
  (scalar === undefined ? undefined : SCALARS[scalar]) ?? INT32;

const describeEnum = ({ values }: DescEnum): string =>
  values.length > 20 ? 'must be a known name' : `must be one of ${values.map((value) => value.name).join(', ')}`;
