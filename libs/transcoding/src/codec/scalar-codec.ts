import { ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { readBase64 } from './base64.js';
import type { Codec } from './codec.js';
import { half, readInteger64 } from './integer64.js';
import { type JsonReader, QUOTE } from './json-reader.js';
import { refuse } from './refused.js';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;

const plain = { takesNull: false, zero: '0' };

/** Reads a number, which may stand in quotes, that is whole and in the range. */
function readInteger(json: JsonReader, least: number, most: number): number {
  const value = readNumber(json);
  if (!Number.isInteger(value) || value < least || value > most || Object.is(value, -0)) refuse();
  return value;
}

/** Reads a number, which may stand in quotes. */
function readNumber(json: JsonReader): number {
  const quoted = json.peek() === QUOTE;
  if (quoted) json.at++;
  const value = json.number();
  if (quoted && json.bytes[json.at++] !== QUOTE) refuse();
  return value;
}

export const int32: Codec = {
  ...plain,
  wireType: WireType.Varint,
  toWire(json, wire) {
    const value = readInteger(json, INT32_MIN, INT32_MAX);
    if (value < 0) wire.varint64(value, -1);
    else wire.uint32(value);
  },
  toJson: (wire, json) => json.integer(wire.varint() | 0),
};

const uint32: Codec = {
  ...plain,
  wireType: WireType.Varint,
  toWire: (json, wire) => wire.uint32(readInteger(json, 0, UINT32_MAX)),
  toJson: (wire, json) => json.integer(wire.varint()),
};

const sint32: Codec = {
  ...plain,
  wireType: WireType.Varint,
  toWire(json, wire) {
    const value = readInteger(json, INT32_MIN, INT32_MAX);
    wire.uint32(((value << 1) ^ (value >> 31)) >>> 0);
  },
  toJson(wire, json) {
    const value = wire.varint();
    json.integer((value >>> 1) ^ -(value & 1));
  },
};

const fixed32: Codec = {
  ...plain,
  wireType: WireType.Bit32,
  toWire: (json, wire) => wire.fixed32(readInteger(json, 0, UINT32_MAX)),
  toJson: (wire, json) => json.integer(wire.fixed32()),
};

const sfixed32: Codec = {
  ...plain,
  wireType: WireType.Bit32,
  toWire: (json, wire) => wire.fixed32(readInteger(json, INT32_MIN, INT32_MAX)),
  toJson: (wire, json) => json.integer(wire.fixed32() | 0),
};

/** 64 bits stand in quotes: few readers of JSON have whole numbers of more than 53. */
const varint64 = (signed: boolean): Codec => ({
  takesNull: false,
  zero: '"0"',
  wireType: WireType.Varint,
  toWire(json, wire) {
    readInteger64(json, signed);
    wire.varint64(half.low, half.high);
  },
  toJson(wire, json) {
    wire.varint64();
    json.byte(QUOTE);
    json.integer64(signed);
    json.byte(QUOTE);
  },
});

const sint64: Codec = {
  takesNull: false,
  zero: '"0"',
  wireType: WireType.Varint,
  toWire(json, wire) {
    readInteger64(json, true);
    const { low, high } = half;
    const sign = high >> 31;
    wire.varint64((low << 1) ^ sign, ((high << 1) | (low >>> 31)) ^ sign);
  },
  toJson(wire, json) {
    wire.varint64();
    const { low, high } = half;
    const sign = -(low & 1);
    half.low = (((low >>> 1) | (high << 31)) ^ sign) >>> 0;
    half.high = ((high >>> 1) ^ sign) >>> 0;
    json.byte(QUOTE);
    json.integer64(true);
    json.byte(QUOTE);
  },
};

const fixed64 = (signed: boolean): Codec => ({
  takesNull: false,
  zero: '"0"',
  wireType: WireType.Bit64,
  toWire(json, wire) {
    readInteger64(json, signed);
    wire.fixed32(half.low);
    wire.fixed32(half.high);
  },
  toJson(wire, json) {
    wire.fixed64();
    json.byte(QUOTE);
    json.integer64(signed);
    json.byte(QUOTE);
  },
});

const double: Codec = {
  ...plain,
  wireType: WireType.Bit64,
  toWire: (json, wire) => wire.double(readFloat(json)),
  toJson: (wire, json) => json.number(wire.double()),
};

const float: Codec = {
  ...plain,
  wireType: WireType.Bit32,
  toWire(json, wire) {
    const value = readFloat(json);
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) refuse();
    wire.float(value);
  },
  toJson: (wire, json) => json.number(wire.float()),
};

/** Numbers that JSON has only as text. */
const NOT_FINITE = [
  ['"NaN"', NaN],
  ['"Infinity"', Infinity],
  ['"-Infinity"', -Infinity],
] as const;

function readFloat(json: JsonReader): number {
  if (json.peek() === QUOTE) {
    // The letter after the quote and a minus tells whether it can be one of them.
    const letter = json.bytes[json.at + 1] === 0x2d ? json.bytes[json.at + 2] : json.bytes[json.at + 1];
    if (letter === 0x4e || letter === 0x49) {
      const [text, value] = NOT_FINITE.find((each) => json.isAt(each[0])) ?? refuse();
      json.at += text.length;
      return value;
    }
  }
  return readNumber(json);
}

const bool: Codec = {
  wireType: WireType.Varint,
  takesNull: false,
  zero: 'false',
  toWire(json, wire) {
    const isTrue = json.peek() === 0x74;
    json.literal(isTrue ? 'true' : 'false');
    wire.uint32(isTrue ? 1 : 0);
  },
  toJson: (wire, json) => json.ascii(wire.bool() ? 'true' : 'false'),
};

const string: Codec = {
  wireType: WireType.LengthDelimited,
  takesNull: false,
  zero: '""',
  toWire(json, wire) {
    json.string();
    wire.delimited(json.text, json.from, json.to);
  },
  toJson(wire, json) {
    const end = wire.delimited();
    json.string(wire, wire.at, end);
    wire.at = end;
  },
};

const bytes: Codec = {
  wireType: WireType.LengthDelimited,
  takesNull: false,
  zero: '""',
  toWire(json, wire) {
    json.string();
    const start = wire.fork();
    readBase64(json, wire);
    wire.join(start);
  },
  toJson(wire, json) {
    const end = wire.delimited();
    json.base64(wire, wire.at, end);
    wire.at = end;
  },
};

export const SCALARS: Readonly<Record<ScalarType, Codec>> = {
  [ScalarType.INT32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.SINT32]: sint32,
  [ScalarType.FIXED32]: fixed32,
  [ScalarType.SFIXED32]: sfixed32,
  [ScalarType.INT64]: varint64(true),
  [ScalarType.UINT64]: varint64(false),
  [ScalarType.SINT64]: sint64,
  [ScalarType.FIXED64]: fixed64(false),
  [ScalarType.SFIXED64]: fixed64(true),
  [ScalarType.DOUBLE]: double,
  [ScalarType.FLOAT]: float,
  [ScalarType.BOOL]: bool,
  [ScalarType.STRING]: string,
  [ScalarType.BYTES]: bytes,
};

/** A map's key: the JSON of its type, but always in quotes. */
export function quotedKey(type: ScalarType): Codec {
  const value = SCALARS[type];
  const isQuoted = value.zero?.startsWith('"') === true;
  return {
    ...value,
    zero: isQuoted ? value.zero : `"${value.zero}"`,
    toWire(json, wire) {
      if (json.peek() !== QUOTE) refuse();
      if (type !== ScalarType.BOOL) return value.toWire(json, wire);
      const isTrue = json.bytes[json.at + 1] === 0x74;
      json.literal(isTrue ? '"true"' : '"false"');
      wire.byte(isTrue ? 1 : 0);
    },
    toJson(wire, json) {
      if (isQuoted) return value.toJson(wire, json);
      json.byte(QUOTE);
      value.toJson(wire, json);
      json.byte(QUOTE);
    },
  };
}
