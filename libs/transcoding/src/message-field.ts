import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';

/** Well-known types whose JSON is not an object of their fields. The wrappers are such too. */
const OWN_JSON = new Set(['Any', 'Timestamp', 'Duration', 'FieldMask', 'Struct', 'Value', 'ListValue']);

export const FIELD_MASK = 'google.protobuf.FieldMask';

/** Whether the message's JSON is an object with its fields as keys. */
export function isPlain(message: DescMessage): boolean {
  const [, wellKnown] = /^google\.protobuf\.(\w+)$/.exec(message.typeName) ?? [];
  return !(isWrapperDesc(message) || (wellKnown !== undefined && OWN_JSON.has(wellKnown)));
}

const cache = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

/** The message's fields by their JSON name and by the name that the contract spells. JSON may use either. */
export function fieldsOf(message: DescMessage): ReadonlyMap<string, DescField> {
  let fields = cache.get(message);
  if (!fields) {
    fields = new Map(
      message.fields.flatMap((field) => [[field.jsonName, field] as const, [field.name, field] as const]),
    );
    cache.set(message, fields);
  }
  return fields;
}

/** The fields that `a.b.c` leads through; undefined when one does not exist or cannot be stepped into. */
export function resolveFieldPath(message: DescMessage, path: string): readonly DescField[] | undefined {
  const fields: DescField[] = [];
  let at: DescMessage | undefined = message;
  for (const name of path.split('.')) {
    const field: DescField | undefined = at && fieldsOf(at).get(name);
    if (!field) return undefined;
    fields.push(field);
    at = field.fieldKind === 'message' && isPlain(field.message) ? field.message : undefined;
  }
  return fields;
}
