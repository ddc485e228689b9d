import type { Codec, MessageCodec } from './codec.js';
import { refuse } from './refused.js';

/** `google.protobuf.Int32Value` and its like: the JSON is that of the value. */
export function wrapperCodec(value: Codec): MessageCodec {
  const valueTag = (1 << 3) | value.wireType;
  return {
    takesNull: false,
    toWire(json, wire) {
      wire.byte(valueTag);
      value.toWire(json, wire);
    },
    toJson(wire, json) {
      let place = -1;
      while (wire.at < wire.end) {
        const tag = wire.tag();
        if (tag >>> 3 === 1) {
          if (tag !== valueTag || place >= 0) refuse();
          place = wire.at;
        }
        wire.skip(tag & 7);
      }
      if (place < 0) return json.ascii(value.zero ?? refuse());
      wire.at = place;
      value.toJson(wire, json);
    },
  };
}
