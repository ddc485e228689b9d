import type { JsonObject } from '@bufbuild/protobuf';
import type { ProblemError } from '@trellis/errors';
import type { Binding } from './binding.js';
import { type Origin, putField } from './parameter.js';
import { percentDecode, percentDecodeSegments } from './percent-decoding.js';
import { queryReader } from './query.js';
import { textToJson } from './text-value.js';

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

/** Puts the path and query parameters into the JSON of the request message. Says where each came from and what is wrong. */
export type ParameterReader = (
  parts: RequestParts,
  json: JsonObject,
) => { readonly origins: readonly Origin[]; readonly errors: ProblemError[] };

export function parameterReader(binding: Binding): ParameterReader {
  const query = queryReader(binding);
  return (parts, json) => {
    const { origins, errors } = query.read(parts.query, json);
    binding.pathParameters.forEach(({ field, fields, single }, index) => {
      const raw = parts.captures[index] ?? '';
      const text = single ? percentDecode(raw) : percentDecodeSegments(raw);
      const last = fields.at(-1);
      if (text === undefined || !last) errors.push({ parameter: field, detail: 'is not valid percent-encoded UTF-8' });
      else putField(json, fields, textToJson(last, text));
      origins.push({ keys: fields.map(({ jsonName }) => jsonName), parameter: field });
    });
    return { origins, errors };
  };
}
