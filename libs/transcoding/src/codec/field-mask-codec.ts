import type { MessageCodec } from './codec.js';
import { COMMA, QUOTE } from './json-reader.js';
import { refuse } from './refused.js';

const PATHS = 0x0a;
const UNDERSCORE = 0x5f;
/** What sets a small letter apart from a capital. */
const SMALL = 0x20;

const isSmall = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;
const isCapital = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;
/** A digit or a point. */
const isOther = (byte: number): boolean => (byte >= 0x30 && byte <= 0x39) || byte === 0x2e;

/** `google.protobuf.FieldMask`: its paths with commas between them, in camel case. Paths of other characters are left out. */
export const fieldMaskCodec: MessageCodec = {
  takesNull: false,
  toWire(json, wire) {
    json.string();
    const { from, to } = json;
    const text = json.text.bytes;
    let at = from;
    while (at < to) {
      wire.byte(PATHS);
      const start = wire.fork();
      for (; at < to && text[at] !== COMMA; at++) {
        const byte = text[at] ?? 0;
        if (isCapital(byte)) {
          wire.byte(UNDERSCORE);
          wire.byte(byte | SMALL);
        } else if (isSmall(byte) || isOther(byte)) wire.byte(byte);
        else refuse();
      }
      if (wire.at === start || ++at === to) refuse();
      wire.join(start);
    }
  },
  toJson(wire, json) {
    const start = json.at;
    while (wire.at < wire.end) {
      const tag = wire.tag();
      if (tag >>> 3 === 1) {
        if (tag !== PATHS) refuse();
        json.byte(COMMA);
        const end = wire.delimited();
        while (wire.at < end) {
          const byte = wire.bytes[wire.at++] ?? 0;
          if (isSmall(byte) || isOther(byte)) json.byte(byte);
          else {
            const next = wire.bytes[wire.at++] ?? 0;
            if (byte !== UNDERSCORE || !isSmall(next) || wire.at > end) refuse();
            json.byte(next & ~SMALL);
          }
        }
      } else wire.skip(tag & 7);
    }
    if (json.at === start) json.byte(QUOTE);
    else json.patch(start, QUOTE);
    json.byte(QUOTE);
  },
};
