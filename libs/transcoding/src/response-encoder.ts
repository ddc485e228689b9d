import { type Registry, fromBinary, toJson } from '@bufbuild/protobuf';
import type { Binding } from './binding.js';
import { isObject } from './parameter.js';

/** The JSON text of a binary answer. Throws when the bytes are not the message that the contract says. */
export type ResponseEncoder = (message: Uint8Array) => string;

/**
 * Fields without presence are written even when they hold their default, so that an empty list is `[]` and a count is 0.
 * A `response_body` that is not set is `null`.
 */
export function responseEncoder({ method, responseField }: Binding, registry: Registry): ResponseEncoder {
  return (bytes) => {
    const json = toJson(method.output, fromBinary(method.output, bytes), { registry, alwaysEmitImplicit: true });
    if (responseField === undefined) return JSON.stringify(json);
    return JSON.stringify((isObject(json) ? json[responseField.jsonName] : undefined) ?? null);
  };
}
