import type { JsonObject } from '@bufbuild/protobuf';
import type { Binding } from './binding.js';
import { bodyForm, readBody } from './body.js';
import type { Codecs } from './codec/codecs.js';
import { JsonReader } from './codec/json-reader.js';
import { PlainMessageCodec } from './codec/message-codec.js';
import { unlessRefused } from './codec/refused.js';
import { WireWriter } from './codec/wire-writer.js';
import { writeHttpBody } from './http-body.js';
import { type RequestParts, parameterReader } from './request-parts.js';
import { maskMaker } from './update-mask.js';

const json = new JsonReader();
const wire = new WireWriter();
const utf8 = new TextEncoder();

/**
 * Reads the requests that most are, without JSON objects and messages in between: the body's JSON becomes the message, and
 * the parameters' JSON is written after it, for what comes later counts. Gives undefined what the general reading has to
 * judge. Undefined altogether for a method whose request is of a rare type.
 */
export function preparedReading(
  binding: Binding,
  codecs: Codecs,
): ((parts: RequestParts) => Uint8Array | undefined) | undefined {
  const { method, body: bodyRule } = binding;
  const codec = codecs.message(method.input);
  if (!(codec instanceof PlainMessageCodec)) return undefined;
  const form = bodyForm(method.input, bodyRule);
  const field = bodyRule?.kind === 'field' ? bodyRule.field : undefined;
  const readParameters = parameterReader(binding);
  const canJoin = parametersCanJoin(binding, codecs);
  const makeMask = maskMaker(binding);

  return (parts) =>
    unlessRefused(() => {
      const { body, captures, query, contentType } = parts;
      const hasBody = body !== undefined && body.length > 0;
      const hasParameters = captures.length > 0 || query !== '';
      if (hasBody && hasParameters && !canJoin) return undefined;
      wire.start();
      if (form === 'raw') wire.raw(writeHttpBody(contentType, body, field));
      else if (form === 'json' && hasBody) {
        json.start(body);
        if (field) codec.fieldToWire(field.number, json, wire);
        else codec.toWire(json, wire);
        json.finish();
      }
      if (hasParameters) {
        const parameters: JsonObject = {};
        if (readParameters(parts, parameters).errors.length > 0) return undefined;
        json.start(utf8.encode(JSON.stringify(parameters)));
        codec.toWire(json, wire);
      }
      if (makeMask) {
        const whole = readBody(bodyRule, body);
        readParameters(parts, whole);
        wire.raw(makeMask(whole));
      }
      return wire.finish();
    });
}

/**
 * Whether a parameter written after the body always replaces what the body has of it. A scalar does, but the general
 * reading minds two fields of a oneof, and several messages would be one.
 */
function parametersCanJoin({ method, pathParameters, body }: Binding, codecs: Codecs): boolean {
  if (body?.kind === 'field' && body.field.oneof) return false;
  return pathParameters.every(
    ({ fields }) =>
      fields.at(-1)?.message === undefined &&
      fields.every(
        (field) => !field.oneof && codecs.message(field.parent ?? method.input) instanceof PlainMessageCodec,
      ),
  );
}
