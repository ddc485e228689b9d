import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { FIELD_MASK, fieldsOf, isPlain } from './message-field.js';
import { isObject } from './parameter.js';

/** The request message's only FieldMask field; undefined when it has none or several. */
export function maskField(message: DescMessage): (DescField & { fieldKind: 'message' }) | undefined {
  const masks = message.fields.filter(
    (field) => field.fieldKind === 'message' && field.message.typeName === FIELD_MASK,
  );
  const [only] = masks;
  return masks.length === 1 && only?.fieldKind === 'message' ? only : undefined;
}

/**
 * Paths of the fields that the JSON holds, for a PATCH that names none: a nested object is named by its parts, a list, map
 * or null as a whole. `skip` are paths that the URL gives. An etag guards the update and is never changed by it.
 */
export function presentPaths(message: DescMessage, json: JsonValue | undefined, skip: ReadonlySet<string>): string[] {
  const paths: string[] = [];
  const visit = (desc: DescMessage, value: JsonValue | undefined, prefix: string): void => {
    if (!isObject(value)) return;
    for (const [key, member] of Object.entries(value)) {
      const field = fieldsOf(desc).get(key);
      const path = field && `${prefix}${field.name}`;
      if (!path || skip.has(path) || path === 'etag') continue;
      if (
        field.fieldKind === 'message' &&
        isPlain(field.message) &&
        isObject(member) &&
        Object.keys(member).length > 0
      ) {
        visit(field.message, member, `${path}.`);
      } else {
        paths.push(path);
      }
    }
  };
  visit(message, json, '');
  return paths;
}
