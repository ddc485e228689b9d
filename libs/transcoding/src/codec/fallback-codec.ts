import { type DescMessage, type Registry, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import type { MessageCodec } from './codec.js';
import { readValue } from './json-value.js';
import { MAX_DEPTH, refuse } from './refused.js';
import { strictFromJson } from './strict-from-json.js';

/** A message of a rare type, read and written by protobuf-es with everything in it. */
export function fallbackCodec(desc: DescMessage, registry: Registry): MessageCodec {
  return {
    takesNull: false,
    toWire(json, wire) {
      if (json.paths !== undefined) refuse(); // nobody would note the fields in it
      const value = readValue(json, []);
      const recursionLimit = MAX_DEPTH - json.depth + 1;
      const bytes = orRefuse(() => toBinary(desc, strictFromJson(desc, value, { registry, recursionLimit })));
      wire.raw(bytes);
    },
    toJson(wire, json) {
      const bytes = wire.bytes.subarray(wire.at, wire.end);
      const recursionLimit = MAX_DEPTH - wire.depth + 1;
      const message = orRefuse(() => fromBinary(desc, bytes, { recursionLimit }));
      json.utf8(orRefuse(() => JSON.stringify(toJson(desc, message, { registry, alwaysEmitImplicit: true }))));
      wire.at = wire.end;
    },
  };
}

function orRefuse<T>(run: () => T): T {
  try {
    return run();
  } catch {
    return refuse();
  }
}
