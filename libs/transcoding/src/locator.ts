import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { ProblemError } from '@trellis/errors';
import type { Binding } from './binding.js';
import { type JsonPath, pointerTo } from './json-pointer.js';
import { fieldsOf } from './message-field.js';

/** Where in the HTTP request a field came from that the service complains about: `post.title` → `#/title`. */
export type Locator = (field: string) => Omit<ProblemError, 'detail'>;

export function locator({ method, pathParameters, queryParameters, body }: Binding): Locator {
  const named = [...queryParameters, ...pathParameters.map(({ field, fields }) => ({ name: field, fields }))];
  const parameters = new Map(named.map(({ name, fields }) => [fields.map((each) => each.name).join('.'), name]));
  return (field) => {
    const parameter = parameters.get(field);
    if (parameter !== undefined) return { parameter };
    const path = jsonPath(method.input, field);
    if (body?.kind === 'whole' || path.length === 0) return { pointer: pointerTo(path) };
    if (body?.kind === 'field' && path[0] === body.field.jsonName) return { pointer: pointerTo(path.slice(1)) };
    return { parameter: path.filter((key) => typeof key === 'string').join('.') };
  };
}

/** `post.display_name`, `tags[2]` or `labels["a.b"]` in the names that JSON uses. Steps that are no field stay as they are. */
function jsonPath(message: DescMessage, path: string): JsonPath {
  const keys: (string | number)[] = [];
  let at: DescMessage | undefined = message;
  for (const [, name, key] of path.matchAll(/([^.[\]]+)|\[("(?:[^"\\]|\\.)*"|[^\]]*)\]/g)) {
    if (name !== undefined) {
      const field: DescField | undefined = at && fieldsOf(at).get(name);
      keys.push(field?.jsonName ?? name);
      at = field?.message;
    } else if (key !== undefined) {
      keys.push(/^\d+$/.test(key) ? Number(key) : key.startsWith('"') ? unquote(key) : key);
    }
  }
  return keys;
}

function unquote(key: string): string {
  return key.slice(1, -1).replace(/\\(.)/g, '$1');
}
