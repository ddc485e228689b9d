import type { Binding } from './binding.js';
import { bodyForm } from './body.js';
import type { Codecs } from './codec/codecs.js';
import { JsonReader } from './codec/json-reader.js';
import { PlainMessageCodec } from './codec/message-codec.js';
import { PresentPaths } from './codec/present-paths.js';
import { unlessRefused } from './codec/refused.js';
import { WireWriter } from './codec/wire-writer.js';
import { writeHttpBody } from './http-body.js';
import { PreparedParameters } from './prepared-parameters.js';
import type { RequestParts } from './request-parts.js';
import { type MaskRule, maskRule, writeMask } from './update-mask.js';

const json = new JsonReader();
const wire = new WireWriter();

/**
 * Reads the requests that most are, without JSON objects and messages in between: the body becomes the message, and the
 * parameters are written after it, for what comes later counts. Gives undefined what the general reading has to judge.
 * Undefined altogether for a method whose request is of a rare type.
 */
export function preparedReading(
  binding: Binding,
  codecs: Codecs,
): ((parts: RequestParts) => Uint8Array | undefined) | undefined {
  const { method, body: bodyRule } = binding;
  const codec = codecs.message(method.input);
  const parameters = unlessRefused(() => new PreparedParameters(binding, codecs, json, wire));
  if (!(codec instanceof PlainMessageCodec) || !parameters) return undefined;
  const form = bodyForm(method.input, bodyRule);
  const field = bodyRule?.kind === 'field' ? bodyRule.field : undefined;
  const reader = field && form === 'json' ? codec.field(field.number) : codec;
  const masked = maskRule(binding);
  const canJoin = parametersCanJoin(binding, masked);

  return ({ body, captures, query, contentType }) =>
    unlessRefused(() => {
      const hasBody = body !== undefined && body.length > 0;
      if (hasBody && captures.length > 0 && !canJoin) return undefined;
      const present = masked && new PresentPaths(masked.skipped);
      wire.start();
      if (form === 'raw') wire.raw(writeHttpBody(contentType, body, field));
      else if (form === 'json' && hasBody) {
        json.start(body);
        json.paths = present;
        reader.toWire(json, wire);
        json.finish();
      }
      const hasMask = query !== '' && parameters.writeQuery(query, masked?.mask);
      parameters.writePath(captures);
      if (masked && present && !hasMask) wire.raw(writeMask(masked.mask, present.found));
      return wire.finish();
    });
}

/**
 * Whether a path parameter written after the body always replaces what the body has of it. A scalar does, but of two
 * messages one is made. Nor may it make a message that a mask would have to name.
 */
function parametersCanJoin({ pathParameters }: Binding, masked: MaskRule | undefined): boolean {
  return pathParameters.every(
    ({ fields }) => fields.at(-1)?.message === undefined && !(masked && fields[0] === masked.body && fields.length > 2),
  );
}
