import {
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Message,
  create,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { Binding } from './binding.js';
import { FIELD_MASK, fieldsOf, isPlain } from './message-field.js';
import { isObject } from './parameter.js';

type MessageField = DescField & { fieldKind: 'message' };

/** Puts a mask into the message unless its JSON, which has been read without complaint, names one. */
export type MaskFiller = (json: JsonObject, message: Message) => void;

/**
 * For a PATCH whose body is one field beside a mask: a request that names no fields means those that its body holds.
 * Undefined for every other method. What the path gives says which thing to change, and an etag guards the change.
 */
export function maskFiller({ httpMethod, method, body, pathParameters }: Binding): MaskFiller | undefined {
  const mask = onlyMask(method.input);
  if (httpMethod !== 'PATCH' || !mask || body?.kind !== 'field' || body.field.fieldKind !== 'message') return undefined;
  const { field } = body;
  const target = body.field.message;
  const names = pathParameters.map(({ fields }) => fields.map(({ name }) => name));
  const skip = new Set([
    'etag',
    ...names.filter(([first]) => first === field.name).map((path) => path.slice(1).join('.')),
  ]);
  return (json, message) => {
    if (Object.hasOwn(json, mask.jsonName)) return;
    const paths = presentPaths(target, json[field.jsonName], skip);
    reflect(method.input, message).set(mask, reflect(mask.message, create(mask.message, { paths })));
  };
}

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
