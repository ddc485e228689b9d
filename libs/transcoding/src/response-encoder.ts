import { type Registry, fromBinary, toJson } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { Binding } from './binding.js';
import { type HttpContent, isHttpBody, readHttpBody } from './http-body.js';
import { isObject } from './parameter.js';

/** What to send for a binary answer. Throws when the bytes are not the message that the contract says. */
export type ResponseEncoder = (message: Uint8Array) => HttpContent;

const JSON_TYPE = 'application/json';

/**
 * JSON, unless what is sent is an HttpBody. Fields without presence are written even when they hold their default, so that
 * an empty list is `[]` and a count is 0. A `response_body` that is not set is `null`.
 */
export function responseEncoder({ method, responseField }: Binding, registry: Registry): ResponseEncoder {
  const { output } = method;
  if (responseField === undefined && isHttpBody(output)) {
    return (bytes) => readHttpBody(output, fromBinary(output, bytes));
  }
  if (responseField?.fieldKind === 'message' && isHttpBody(responseField.message)) {
    const { message } = responseField;
    return (bytes) => readHttpBody(message, reflect(output, fromBinary(output, bytes)).get(responseField).message);
  }
  return (bytes) => {
    const json = toJson(output, fromBinary(output, bytes), { registry, alwaysEmitImplicit: true });
    const shown = responseField ? ((isObject(json) ? json[responseField.jsonName] : undefined) ?? null) : json;
    return { contentType: JSON_TYPE, body: JSON.stringify(shown) };
  };
}
