import { type Registry, fromBinary, toJson } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { Binding } from './binding.js';
import type { Codecs } from './codec/codecs.js';
import { JsonWriter } from './codec/json-writer.js';
import { PlainMessageCodec } from './codec/message-codec.js';
import { unlessRefused } from './codec/refused.js';
import { WireReader } from './codec/wire-reader.js';
import { type HttpContent, isHttpBody, readHttpBody } from './http-body.js';
import { isObject } from './parameter.js';

/** What to send for a binary answer. Throws when the bytes are not the message that the contract says. */
export type ResponseEncoder = (message: Uint8Array) => HttpContent;

const JSON_TYPE = 'application/json';
/** Bytes that an answer may take: each empty message in it is written with all of its zeros. */
const MAX_JSON = 64 << 20;

const wire = new WireReader();
const json = new JsonWriter(MAX_JSON);

/**
 * JSON, unless what is sent is an HttpBody. Fields without presence are written even when they hold their default, so that
 * an empty list is `[]` and a count is 0. A `response_body` that is not set is `null`.
 */
export function responseEncoder(
  { method, responseField }: Binding,
  registry: Registry,
  codecs: Codecs,
): ResponseEncoder {
  const { output } = method;
  if (responseField === undefined && isHttpBody(output)) {
    return (bytes) => readHttpBody(output, fromBinary(output, bytes));
  }
  if (responseField?.fieldKind === 'message' && isHttpBody(responseField.message)) {
    const { message } = responseField;
    return (bytes) => readHttpBody(message, reflect(output, fromBinary(output, bytes)).get(responseField).message);
  }
  const codec = codecs.message(output);
  const prepared = (bytes: Uint8Array): Uint8Array | undefined =>
    unlessRefused(() => {
      wire.start(bytes);
      json.start();
      if (responseField === undefined) codec.toJson(wire, json);
      else if (codec instanceof PlainMessageCodec) codec.fieldToJson(responseField.number, wire, json);
      else return undefined;
      return json.finish();
    });
  const general = (bytes: Uint8Array): string => {
    const value = toJson(output, fromBinary(output, bytes), { registry, alwaysEmitImplicit: true });
    const shown = responseField
      ? isObject(value) && Object.hasOwn(value, responseField.jsonName)
        ? value[responseField.jsonName]
        : null
      : value;
    return JSON.stringify(shown);
  };
  return (bytes) => ({ contentType: JSON_TYPE, body: prepared(bytes) ?? general(bytes) });
}
