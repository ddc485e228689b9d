import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { UnreadableJson, parseJson } from './codec/json-value.js';
import { isHttpBody } from './http-body.js';
import { InvalidRequest } from './invalid-request.js';
import { pointerTo } from './json-pointer.js';
import { isObject } from './parameter.js';

/** Which part of the request message the HTTP body is: all of it, one field, or nothing. */
export type BodyRule = { readonly kind: 'whole' } | { readonly kind: 'field'; readonly field: DescField } | undefined;

/** What a method makes of the HTTP body: JSON of the message or of one field, the bytes of an HttpBody, or nothing. */
export type BodyForm = 'json' | 'raw' | 'none';

export function bodyForm(message: DescMessage, rule: BodyRule): BodyForm {
  if (rule === undefined) return 'none';
  if (rule.kind === 'whole') return isHttpBody(message) ? 'raw' : 'json';
  const { field } = rule;
  return field.fieldKind === 'message' && !field.delimitedEncoding && isHttpBody(field.message) ? 'raw' : 'json';
}

/** The request message's JSON as far as the body gives it. An absent body gives nothing. Throws InvalidRequest. */
export function readBody(rule: BodyRule, body: Uint8Array | undefined): JsonObject {
  if (rule === undefined || body === undefined || body.length === 0) return {};
  const json = parse(body);
  if (rule.kind === 'field') return { [rule.field.jsonName]: json };
  if (!isObject(json)) throw new InvalidRequest([{ pointer: '#', detail: 'must be an object' }]);
  return json;
}

function parse(body: Uint8Array): JsonValue {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof UnreadableJson)) throw error;
    throw new InvalidRequest([{ pointer: pointerTo(error.path ?? []), detail: error.message }]);
  }
}
