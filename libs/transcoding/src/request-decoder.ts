import { type JsonObject, type Message, type Registry, fromJson, toBinary } from '@bufbuild/protobuf';
import type { ProblemError } from '@trellis/errors';
import type { Binding } from './binding.js';
import { bodyForm, readBody } from './body.js';
import { type WrongPlace, findWrongPlaces } from './find-wrong-places.js';
import { writeHttpBody } from './http-body.js';
import { InvalidRequest } from './invalid-request.js';
import { pointerTo } from './json-pointer.js';
import { type Origin, putField } from './parameter.js';
import { percentDecode, percentDecodeSegments } from './percent-decoding.js';
import { queryReader } from './query.js';
import { textToJson } from './text-value.js';
import { maskFiller } from './update-mask.js';

/** The parts of an HTTP request that become the request message. */
export interface RequestParts {
  /** Values of the template's variables, as the router captured them. */
  readonly captures: readonly string[];
  /** What follows the `?`, raw; empty when there is none. */
  readonly query: string;
  /** Undefined or empty when the request has no body. */
  readonly body: Uint8Array | undefined;
  /** What the request says its body is. Heeded where the body is an HttpBody. */
  readonly contentType?: string | undefined;
}

/** The binary request message. Throws InvalidRequest with every wrong place that can be found. */
export type RequestDecoder = (parts: RequestParts) => Uint8Array;

/**
 * Path and query parameters join the body as JSON, and one reading makes the message: proto3 JSON already says how text
 * becomes numbers, times and masks.
 */
export function requestDecoder(binding: Binding, registry: Registry): RequestDecoder {
  const { method, body: bodyRule, pathParameters } = binding;
  const query = queryReader(binding);
  const isRaw = bodyForm(method.input, bodyRule) === 'raw';
  const rawField = bodyRule?.kind === 'field' ? bodyRule.field : undefined;
  const fillMask = isRaw ? undefined : maskFiller(binding);
  return ({ captures, query: queryText, body, contentType }) => {
    const json = isRaw ? {} : readBody(bodyRule, body);
    const { origins, errors } = query.read(queryText, json);
    pathParameters.forEach(({ field, fields, single }, index) => {
      const raw = captures[index] ?? '';
      const text = single ? percentDecode(raw) : percentDecodeSegments(raw);
      const last = fields.at(-1);
      if (text === undefined || !last) errors.push({ parameter: field, detail: 'is not valid percent-encoded UTF-8' });
      else putField(json, fields, textToJson(last, text));
      origins.push({ keys: fields.map(({ jsonName }) => jsonName), parameter: field });
    });
    const message = read(binding, json, registry);
    if (Array.isArray(message))
      errors.push(...message.map((place) => locate(place, origins, bodyRule?.kind === 'field')));
    if (Array.isArray(message) || errors.length > 0) throw new InvalidRequest(errors);
    fillMask?.(json, message);
    const bytes = toBinary(method.input, message);
    // What comes later counts: a parameter wins over the body.
    return isRaw ? Buffer.concat([writeHttpBody(contentType, body, rawField), bytes]) : bytes;
  };
}

function read({ method }: Binding, json: JsonObject, registry: Registry): Message | WrongPlace[] {
  try {
    return fromJson(method.input, json, { registry });
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
