import type { MessageCodec } from './codec.js';
import { DistinctKeys } from './distinct-keys.js';
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  type JsonReader,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './json-reader.js';
import type { JsonWriter } from './json-writer.js';
import { refuse } from './refused.js';
import type { WireReader } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

/** Tags in google/protobuf/struct.proto. */
const FIELDS = 0x0a;
const KEY = 0x0a;
const ENTRY_VALUE = 0x12;
const VALUES = 0x0a;
const NULL_VALUE = 0x08;
const NUMBER_VALUE = 0x11;
const STRING_VALUE = 0x1a;
const BOOL_VALUE = 0x20;
const STRUCT_VALUE = 0x2a;
const LIST_VALUE = 0x32;

/** `google.protobuf.Value`: any JSON. */
export const valueCodec: MessageCodec = {
  takesNull: true,
  toWire(json, wire) {
    json.enter();
    valueToWire(json, wire);
    json.depth--;
  },
  toJson: valueToJson,
};

/** `google.protobuf.Struct`: an object. */
export const structCodec: MessageCodec = { takesNull: false, toWire: structToWire, toJson: structToJson };

/** `google.protobuf.ListValue`: an array. */
export const listValueCodec: MessageCodec = { takesNull: false, toWire: listToWire, toJson: listToJson };

function valueToWire(json: JsonReader, wire: WireWriter): void {
  switch (json.peek()) {
    case QUOTE:
      json.string();
      wire.byte(STRING_VALUE);
      return wire.delimited(json.text, json.from, json.to);
    case OPEN_OBJECT:
      return inside(STRUCT_VALUE, structToWire, json, wire);
    case OPEN_LIST:
      return inside(LIST_VALUE, listToWire, json, wire);
    case 0x6e:
      json.literal('null');
      wire.byte(NULL_VALUE);
      return wire.byte(0);
    case 0x74:
      json.literal('true');
      wire.byte(BOOL_VALUE);
      return wire.byte(1);
    case 0x66:
      json.literal('false');
      wire.byte(BOOL_VALUE);
      return wire.byte(0);
    default:
      wire.byte(NUMBER_VALUE);
      return wire.double(json.number());
  }
}

function inside(
  tag: number,
  toWire: (json: JsonReader, wire: WireWriter) => void,
  json: JsonReader,
  wire: WireWriter,
): void {
  wire.byte(tag);
  const start = wire.fork();
  toWire(json, wire);
  wire.join(start);
}

/** A value inside of a Struct or a list. */
function innerToWire(json: JsonReader, wire: WireWriter): void {
  json.enter();
  valueToWire(json, wire);
  json.depth--;
}

function structToWire(json: JsonReader, wire: WireWriter): void {
  json.expect(OPEN_OBJECT);
  if (json.peek() === CLOSE_OBJECT) {
    json.at++;
    return;
  }
  const keys = new DistinctKeys();
  do {
    wire.byte(FIELDS);
    const start = wire.fork();
    wire.byte(KEY);
    const key = wire.at;
    json.string();
    wire.delimited(json.text, json.from, json.to);
    keys.add(wire.hashFrom(key));
    json.expect(COLON);
    inside(ENTRY_VALUE, innerToWire, json, wire);
    wire.join(start);
  } while (json.more(CLOSE_OBJECT));
}

function listToWire(json: JsonReader, wire: WireWriter): void {
  json.expect(OPEN_LIST);
  if (json.peek() === CLOSE_LIST) {
    json.at++;
    return;
  }
  do inside(VALUES, innerToWire, json, wire);
  while (json.more(CLOSE_LIST));
}

/** A message inside of another one. */
function within(wire: WireReader, json: JsonWriter, toJson: (wire: WireReader, json: JsonWriter) => void): void {
  const outer = wire.enter();
  toJson(wire, json);
  wire.leave(outer);
}

function valueToJson(wire: WireReader, json: JsonWriter): void {
  const start = json.at;
  while (wire.at < wire.end) {
    const tag = wire.tag();
    if (tag >>> 3 > 6) {
      wire.skip(tag & 7);
      continue;
    }
    // Of several values the last counts, unless messages would have to be merged.
    if (json.at > start && (tag === STRUCT_VALUE || tag === LIST_VALUE)) refuse();
    json.at = start;
    switch (tag) {
      case NULL_VALUE:
        wire.varint();
        json.ascii('null');
        break;
      case NUMBER_VALUE: {
        const number = wire.double();
        if (!Number.isFinite(number)) refuse();
        json.number(number);
        break;
      }
      case STRING_VALUE: {
        const end = wire.delimited();
        json.string(wire, wire.at, end);
        wire.at = end;
        break;
      }
      case BOOL_VALUE:
        json.ascii(wire.bool() ? 'true' : 'false');
        break;
      case STRUCT_VALUE:
        within(wire, json, structToJson);
        break;
      case LIST_VALUE:
        within(wire, json, listToJson);
        break;
      default:
        refuse();
    }
  }
  if (json.at === start) refuse();
}

function structToJson(wire: WireReader, json: JsonWriter): void {
  const keys = new DistinctKeys();
  const begin = json.at;
  json.byte(OPEN_OBJECT);
  while (wire.at < wire.end) {
    const tag = wire.tag();
    if (tag === FIELDS) {
      entryToJson(wire, json, keys);
      json.byte(COMMA);
    } else if (tag >>> 3 === 1) refuse();
    else wire.skip(tag & 7);
  }
  json.close(begin, CLOSE_OBJECT);
}

/** A key and its value, as everybody writes them. */
function entryToJson(wire: WireReader, json: JsonWriter, keys: DistinctKeys): void {
  const end = wire.delimited();
  if (wire.tag() !== KEY) refuse();
  const keyEnd = wire.delimited();
  const start = json.at;
  json.string(wire, wire.at, keyEnd);
  keys.add(json.hashFrom(start));
  json.byte(COLON);
  wire.at = keyEnd;
  if (wire.tag() !== ENTRY_VALUE) refuse();
  within(wire, json, valueToJson);
  if (wire.at !== end) refuse();
}

function listToJson(wire: WireReader, json: JsonWriter): void {
  const begin = json.at;
  json.byte(OPEN_LIST);
  while (wire.at < wire.end) {
    const tag = wire.tag();
    if (tag === VALUES) {
      within(wire, json, valueToJson);
      json.byte(COMMA);
    } else if (tag >>> 3 === 1) refuse();
    else wire.skip(tag & 7);
  }
  json.close(begin, CLOSE_LIST);
}
