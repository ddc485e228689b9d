import { type JsonObject, type Message, type Registry, toBinary } from '@bufbuild/protobuf';
import type { ProblemError } from '@trellis/errors';
import type { Binding } from './binding.js';
import { bodyForm, readBody } from './body.js';
import { strictFromJson } from './codec/strict-from-json.js';
import { type WrongPlace, findWrongPlaces } from './find-wrong-places.js';
import { writeHttpBody } from './http-body.js';
import { InvalidRequest } from './invalid-request.js';
import { pointerTo } from './json-pointer.js';
import type { Origin } from './parameter.js';
import { type RequestParts, parameterReader } from './request-parts.js';
import { maskRule, presentPaths, writeMask } from './update-mask.js';

/**
 * Reads any request, and says what is wrong with it. Path and query parameters join the body as JSON, and one reading makes
 * the message: proto3 JSON already says how text becomes numbers, times and masks. Throws InvalidRequest.
 */
export function generalReading(binding: Binding, registry: Registry): (parts: RequestParts) => Uint8Array {
  const { method, body: bodyRule } = binding;
  const readParameters = parameterReader(binding);
  const isRaw = bodyForm(method.input, bodyRule) === 'raw';
  const rawField = bodyRule?.kind === 'field' ? bodyRule.field : undefined;
  const masked = maskRule(binding);
  return (parts) => {
    const json = isRaw ? {} : readBody(bodyRule, parts.body);
    const { origins, errors } = readParameters(parts, json);
    const message = read(binding, json, registry);
    if (Array.isArray(message))
      errors.push(...message.map((place) => locate(place, origins, bodyRule?.kind === 'field')));
    if (Array.isArray(message) || errors.length > 0) throw new InvalidRequest(errors);
    // What comes later counts: a parameter wins over the body.
    return Buffer.concat([
      isRaw ? writeHttpBody(parts.contentType, parts.body, rawField) : NOTHING,
      toBinary(method.input, message),
      masked && !Object.hasOwn(json, masked.mask.jsonName)
        ? writeMask(masked.mask, presentPaths(masked, json[masked.body.jsonName]))
        : NOTHING,
    ]);
  };
}

const NOTHING = new Uint8Array();

function read({ method }: Binding, json: JsonObject, registry: Registry): Message | WrongPlace[] {
  try {
    return strictFromJson(method.input, json, { registry });
  } catch {
    return findWrongPlaces(method.input, json, registry);
  }
}

function locate({ path, detail }: WrongPlace, origins: readonly Origin[], bodyIsField: boolean): ProblemError {
  const origin = origins.find(({ keys }) => keys.every((key, index) => path[index] === key));
  return origin
    ? { parameter: origin.parameter, detail }
    : { pointer: pointerTo(bodyIsField ? path.slice(1) : path), detail };
}
