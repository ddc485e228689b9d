import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Binding } from './binding.js';
import { isHttpBody } from './http-body.js';
import { FIELD_MASK, fieldsOf, isPlain } from './message-field.js';
import { isObject } from './parameter.js';

type MessageField = DescField & { fieldKind: 'message' };

/** A PATCH whose request has its mask made when it names none. */
export interface MaskRule {
  readonly mask: MessageField;
  /** What the HTTP body is. */
  readonly body: MessageField;
  /** Paths in it that are no change: what the path gives says which thing to change, and an etag guards the change. */
  readonly skipped: ReadonlySet<string>;
}

/**
 * For a PATCH whose body is one field beside a mask: a request that names no fields means those that its body holds.
 * Undefined for every other method.
 */
export function maskRule({ httpMethod, method, body, pathParameters }: Binding): MaskRule | undefined {
  const mask = onlyMask(method.input);
  if (httpMethod !== 'PATCH' || !mask || body?.kind !== 'field' || body.field.fieldKind !== 'message') return undefined;
  if (isHttpBody(body.field.message) || !isPlain(body.field.message)) return undefined;
  const { field } = body;
  const given = pathParameters.map(({ fields }) => fields.map(({ name }) => name));
  if (given.some(([first]) => first === mask.name)) return undefined;
  const inBody = given.filter(([first]) => first === field.name);
  return { mask, body: field, skipped: new Set(['etag', ...inBody.map((path) => path.slice(1).join('.'))]) };
}

/** The binary mask, as a field of the request. */
export function writeMask(mask: MessageField, paths: readonly string[]): Uint8Array {
  const writer = new BinaryWriter();
  if (mask.delimitedEncoding) writer.tag(mask.number, WireType.StartGroup);
  else writer.tag(mask.number, WireType.LengthDelimited).fork();
  for (const path of paths) writer.tag(PATHS, WireType.LengthDelimited).string(path);
  return (mask.delimitedEncoding ? writer.tag(mask.number, WireType.EndGroup) : writer.join()).finish();
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

/** Paths of the fields in the body's JSON: a nested object is named by its parts, a list, a map or null as a whole. */
export function presentPaths({ body, skipped }: MaskRule, json: JsonValue | undefined): string[] {
  const paths: string[] = [];
  const visit = (desc: DescMessage, object: JsonObject, prefix: string): void => {
    for (const [key, value] of Object.entries(object)) {
      const field = fieldsOf(desc).get(key);
      const path = field && `${prefix}${field.name}`;
      if (!path || skipped.has(path)) continue;
      const isNested = field.fieldKind === 'message' && isPlain(field.message) && isObject(value);
      if (isNested && Object.keys(value).length > 0) visit(field.message, value, `${path}.`);
      else paths.push(path);
    }
  };
  if (isObject(json)) visit(body.message, json, '');
  return paths;
}
