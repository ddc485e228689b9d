import type { DescEnum } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import type { Codec } from './codec.js';
import { QUOTE } from './json-reader.js';
import { NameTable } from './name-table.js';
import { PreparedText } from './prepared-text.js';
import { refuse } from './refused.js';
import { int32 } from './scalar-codec.js';

/** An open enum: known values have names, and the numbers of unknown ones are kept. */
export function enumCodec(desc: DescEnum): Codec {
  const numbers = new NameTable([
    ...desc.values.map(({ name, number }) => [name, number] as const),
    ...desc.values.map(({ jsonName, number }) => [jsonName, number] as const),
  ]);
  const names = new Map(
    Object.entries(desc.value).map(([number, { jsonName }]) => [
      Number(number),
      new PreparedText(JSON.stringify(jsonName)),
    ]),
  );
  const zero = desc.values[0]?.number ?? 0;
  return {
    wireType: WireType.Varint,
    takesNull: false,
    zero: desc.value[zero] ? JSON.stringify(desc.value[zero].jsonName) : String(zero),
    toWire(json, wire) {
      if (json.peek() !== QUOTE) return int32.toWire(json, wire);
      json.string();
      const number = numbers.find(json.text.bytes, json.from, json.to) ?? refuse();
      wire.varint64(number, number < 0 ? -1 : 0);
    },
    toJson(wire, json) {
      const number = wire.varint() | 0;
      const name = names.get(number);
      if (name === undefined) json.integer(number);
      else json.text(name);
    },
  };
}

/** `google.protobuf.NullValue` is `null`. */
export const nullValueCodec: Codec = {
  wireType: WireType.Varint,
  takesNull: true,
  zero: 'null',
  toWire(json, wire) {
    json.peek();
    json.literal('null');
    wire.byte(0);
  },
  toJson(wire, json) {
    wire.varint();
    json.ascii('null');
  },
};
