import type { DescField } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import type { Codec } from './codec.js';
import { DistinctKeys } from './distinct-keys.js';
import { CLOSE_LIST, CLOSE_OBJECT, COLON, COMMA, type JsonReader, OPEN_LIST, OPEN_OBJECT } from './json-reader.js';
import type { JsonWriter } from './json-writer.js';
import { PreparedText } from './prepared-text.js';
import { refuse } from './refused.js';
import { WireReader } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

const NULL = 0x6e;

/** What a field takes part in: only one of its fields may be there. */
export interface Oneof {
  /** Index of its mark, after those of the fields. */
  readonly mark: number;
  /** Indexes of its other fields. */
  readonly others: readonly number[];
}

export abstract class FieldCodec {
  /** Among the fields of its message, ordered by number. */
  readonly index: number;
  readonly number: number;
  /** What is written before its value, or before all of them when they are packed. */
  readonly tag: number;
  readonly name: string;
  readonly jsonName: string;
  /** `"name":` */
  readonly key: PreparedText;
  /** `,"name":` */
  readonly commaKey: PreparedText;
  /** What is written when the field is not there; undefined for nothing. */
  readonly absent: PreparedText | undefined;
  /** JSON of the field when it is not there; undefined when that is nothing. */
  readonly zero: string | undefined;
  readonly oneof: Oneof | undefined;
  abstract readonly single: boolean;

  constructor(field: DescField, index: number, wireType: WireType, zero: string | undefined, oneof: Oneof | undefined) {
    this.index = index;
    this.number = field.number;
    this.tag = ((field.number << 3) | wireType) >>> 0;
    this.name = field.name;
    this.jsonName = field.jsonName;
    this.key = new PreparedText(`${JSON.stringify(field.jsonName)}:`);
    this.commaKey = new PreparedText(`,${JSON.stringify(field.jsonName)}:`);
    this.zero = zero;
    this.absent = zero === undefined ? undefined : new PreparedText(`,${JSON.stringify(field.jsonName)}:${zero}`);
    this.oneof = oneof;
  }

  /** Whether its values may have this wire type. */
  abstract takes(wireType: number): boolean;
  abstract toWire(json: JsonReader, wire: WireWriter): void;
  abstract toJson(wire: WireReader, json: JsonWriter, first: number, last: number): void;
}

export class SingleField extends FieldCodec {
  readonly single = true;
  readonly #value: Codec;

  constructor(field: DescField, index: number, value: Codec, hasPresence: boolean, oneof: Oneof | undefined) {
    super(field, index, value.wireType, hasPresence ? undefined : value.zero, oneof);
    this.#value = value;
  }

  takes(wireType: number): boolean {
    return wireType === this.#value.wireType;
  }

  toWire(json: JsonReader, wire: WireWriter): void {
    if (json.peek() === NULL && !this.#value.takesNull) return json.literal('null');
    wire.uint32(this.tag);
    this.#value.toWire(json, wire);
  }

  toJson(wire: WireReader, json: JsonWriter, first: number): void {
    wire.at = first;
    this.#value.toJson(wire, json);
  }
}

export class ListField extends FieldCodec {
  readonly single = false;
  readonly #value: Codec;
  readonly #packed: boolean;

  constructor(field: DescField & { readonly fieldKind: 'list' }, index: number, value: Codec) {
    super(field, index, field.packed ? WireType.LengthDelimited : value.wireType, '[]', undefined);
    this.#value = value;
    this.#packed = field.packed;
  }

  /** Numbers may come packed or not, whatever the contract says. */
  takes(wireType: number): boolean {
    return wireType === this.#value.wireType || wireType === WireType.LengthDelimited;
  }

  toWire(json: JsonReader, wire: WireWriter): void {
    if (json.peek() === NULL) return json.literal('null');
    json.expect(OPEN_LIST);
    if (json.peek() === CLOSE_LIST) {
      json.at++;
      return;
    }
    const value = this.#value;
    let start = 0;
    if (this.#packed) {
      wire.uint32(this.tag);
      start = wire.fork();
    }
    do {
      if (!this.#packed) wire.uint32(this.tag);
      value.toWire(json, wire);
    } while (json.more(CLOSE_LIST));
    if (this.#packed) wire.join(start);
  }

  toJson(wire: WireReader, json: JsonWriter, first: number, last: number): void {
    const value = this.#value;
    const begin = json.at;
    json.byte(OPEN_LIST);
    wire.at = first;
    for (let start = first; start <= last; start = wire.at) {
      const tag = wire.tag();
      const wireType = tag & 7;
      if (tag >>> 3 !== this.number) wire.skip(wireType);
      else if (wireType === value.wireType) {
        value.toJson(wire, json);
        json.byte(COMMA);
      } else {
        const end = wire.delimited();
        while (wire.at < end) {
          value.toJson(wire, json);
          json.byte(COMMA);
        }
        if (wire.at > end) refuse();
      }
    }
    json.close(begin, CLOSE_LIST);
  }
}

/** A message without a byte, to make the value of when a map's entry has none. */
const NOTHING = Uint8Array.of(0);

export class MapField extends FieldCodec {
  readonly single = false;
  readonly #key: Codec;
  readonly #value: Codec;

  /** `key` has its JSON in quotes. */
  constructor(field: DescField, index: number, key: Codec, value: Codec) {
    super(field, index, WireType.LengthDelimited, '{}', undefined);
    this.#key = key;
    this.#value = value;
  }

  takes(wireType: number): boolean {
    return wireType === WireType.LengthDelimited;
  }

  toWire(json: JsonReader, wire: WireWriter): void {
    if (json.peek() === NULL) return json.literal('null');
    json.expect(OPEN_OBJECT);
    if (json.peek() === CLOSE_OBJECT) {
      json.at++;
      return;
    }
    const keys = new DistinctKeys();
    do {
      wire.uint32(this.tag);
      const start = wire.fork();
      wire.byte((1 << 3) | this.#key.wireType);
      const key = wire.at;
      this.#key.toWire(json, wire);
      keys.add(wire.hashFrom(key));
      json.expect(COLON);
      wire.byte((2 << 3) | this.#value.wireType);
      this.#value.toWire(json, wire);
      wire.join(start);
    } while (json.more(CLOSE_OBJECT));
  }

  toJson(wire: WireReader, json: JsonWriter, first: number, last: number): void {
    const keys = new DistinctKeys();
    const begin = json.at;
    json.byte(OPEN_OBJECT);
    wire.at = first;
    for (let start = first; start <= last; start = wire.at) {
      const tag = wire.tag();
      if (tag >>> 3 !== this.number) wire.skip(tag & 7);
      else {
        this.#entry(wire, json, keys);
        json.byte(COMMA);
      }
    }
    json.close(begin, CLOSE_OBJECT);
  }

  #entry(wire: WireReader, json: JsonWriter, keys: DistinctKeys): void {
    const end = wire.delimited();
    let key = -1;
    let value = -1;
    while (wire.at < end) {
      const tag = wire.tag();
      if (tag >>> 3 === 1) {
        if ((tag & 7) !== this.#key.wireType || key >= 0) refuse();
        key = wire.at;
      } else if (tag >>> 3 === 2) {
        if ((tag & 7) !== this.#value.wireType || value >= 0) refuse();
        value = wire.at;
      }
      wire.skip(tag & 7);
    }
    if (wire.at > end) refuse();
    const start = json.at;
    this.#part(this.#key, key, wire, json);
    keys.add(json.hashFrom(start));
    json.byte(COLON);
    this.#part(this.#value, value, wire, json);
    wire.at = end;
  }

  #part(codec: Codec, at: number, wire: WireReader, json: JsonWriter): void {
    if (at >= 0) {
      wire.at = at;
      codec.toJson(wire, json);
    } else if (codec.zero !== undefined) json.ascii(codec.zero);
    else {
      const nothing = new WireReader();
      nothing.start(NOTHING);
      nothing.depth = wire.depth;
      codec.toJson(nothing, json);
    }
  }
}
