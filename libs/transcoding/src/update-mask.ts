import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Binding } from './binding.js';
import { isHttpBody } from './http-body.js';
import { FIELD_MASK, fieldsOf, isPlain } from './message-field.js';
import { isObject } from './parameter.js';

type MessageField = DescField & { fieldKind: 'message' };

/** The binary mask that belongs to a request whose JSON this is, as a field of it; nothing when the JSON names one. */
export type MaskMaker = (json: JsonObject) => Uint8Array;

/**
 * For a PATCH whose body is one field beside a mask: a request that names no fields means those that its body holds.
 * Undefined for every other method. What the path gives says which thing to change, and an etag guards the change.
 */
export function maskMaker({ httpMethod, method, body, pathParameters }: Binding): MaskMaker | undefined {
  const mask = onlyMask(method.input);
  if (httpMethod !== 'PATCH' || !mask || body?.kind !== 'field' || body.field.fieldKind !== 'message') return undefined;
  const { field } = body;
  const target = body.field.message;
  if (isHttpBody(target)) return undefined;
  const names = pathParameters.map(({ fields }) => fields.map(({ name }) => name));
  const skip = new Set([
    'etag',
    ...names.filter(([first]) => first === field.name).map((path) => path.slice(1).join('.')),
  ]);
  return (json) => {
    const writer = new BinaryWriter();
    if (Object.hasOwn(json, mask.jsonName)) return writer.finish();
    const paths = presentPaths(target, json[field.jsonName], skip);
    if (mask.delimitedEncoding) writer.tag(mask.number, WireType.StartGroup);
    else writer.tag(mask.number, WireType.LengthDelimited).fork();
    for (const path of paths) writer.tag(PATHS, WireType.LengthDelimited).string(path);
    return (mask.delimitedEncoding ? writer.tag(mask.number, WireType.EndGroup) : writer.join()).finish();
  };
}

/** Number of the field in google/protobuf/field_mask.proto. */
const PATHS = 1;

/** The message's only FieldMask; undefined when it has none or several. */
function onlyMask(message: DescMessage): MessageField | undefined {
  const isMask = (field: DescField): field is MessageField =>
    field.fieldKind === 'message' && field.message.typeName === FIELD_MASK;
  const [only, ...others] = message.fields.filter(isMask);
  return others.length === 0 ? only : undefined;
}

/** Paths of the fields in the JSON: a nested object is named by its parts, a list, a map or null as a whole. */
function presentPaths(message: DescMessage, json: JsonValue | undefined, skip: ReadonlySet<string>): string[] {
  const paths: string[] = [];
  const visit = (desc: DescMessage, object: JsonObject, prefix: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const field = fieldsOf(desc).get(key);
      const path = field && `${prefix}${field.name}`;
      if (!path || skip.has(path)) continue;
      const isNested = field.fieldKind === 'message' && isPlain(field.message) && isObject(value);
      if (isNested && Object.keys(value).length > 0) visit(field.message, value, `${path}.`);
      else paths.push(path);
    }
  };
  if (isObject(json)) visit(message, json, '');
  return paths;
}
