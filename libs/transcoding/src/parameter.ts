import type { DescField, JsonObject, JsonValue } from '@bufbuild/protobuf';

/** Says where in the HTTP request a part of the request message's JSON came from. */
export interface Origin {
  /** Keys from the root of the JSON to the value. */
  readonly keys: readonly string[];
  /** Name of the path or query parameter, as the caller or the template spells it. */
  readonly parameter: string;
}

/**
 * Puts a parameter's value into the request message's JSON, making the objects on its way. It wins over what the body says
 * under either of the field's names. Does nothing when something that is no object is in the way: reading the JSON tells.
 */
export function putField(json: JsonObject, fields: readonly DescField[], value: JsonValue): void {
  let at = json;
  for (const field of fields.slice(0, -1)) {
    const next = moveToJsonName(at, field) ?? setOwn(at, field.jsonName, {});
    if (!isObject(next)) return;
    at = next;
  }
  const last = fields.at(-1);
  if (!last) return;
  moveToJsonName(at, last);
  setOwn(at, last.jsonName, value);
}

/** A contract may call a field `__proto__`, whose assignment would set something else. */
export function setOwn<T extends JsonValue>(object: JsonObject, key: string, value: T): T {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  } else object[key] = value;
  return value;
}

/** The field's value, which from now on has its JSON name only; undefined when it has none or is null. */
function moveToJsonName(json: JsonObject, field: DescField): JsonValue | undefined {
  for (const name of [field.name, field.jsonName]) {
    if (!Object.hasOwn(json, name)) continue;
    const value = json[name];
    if (name !== field.jsonName) {
      delete json[name];
      if (value !== undefined && !Object.hasOwn(json, field.jsonName)) setOwn(json, field.jsonName, value);
    }
  }
  return Object.hasOwn(json, field.jsonName) ? (json[field.jsonName] ?? undefined) : undefined;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
