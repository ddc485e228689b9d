import { WireType } from '@bufbuild/protobuf/wire';
import type { JsonReader } from './json-reader.js';
import type { JsonWriter } from './json-writer.js';
import type { WireReader } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

/** The two directions of one type's values, with everything prepared that does not depend on the value. */
export interface Codec {
  readonly wireType: WireType;
  /** Whether `null` is a value of the type. Elsewhere it is no value. */
  readonly takesNull: boolean;
  /** JSON of the value that is meant where none is; undefined when it has to be made of an empty message. */
  readonly zero: string | undefined;
  /** Reads a value of JSON and writes it as the wire format has it, with its length where it has one. */
  toWire(json: JsonReader, wire: WireWriter): void;
  /** The other way. */
  toJson(wire: WireReader, json: JsonWriter): void;
}

/** The same for a message without its length: it is all that there is up to the end. */
export interface MessageCodec {
  readonly takesNull: boolean;
  toWire(json: JsonReader, wire: WireWriter): void;
  toJson(wire: WireReader, json: JsonWriter): void;
}

/** The message as a value inside of another. */
export function delimited(message: MessageCodec): Codec {
  return {
    wireType: WireType.LengthDelimited,
    takesNull: message.takesNull,
    zero: undefined,
    toWire(json, wire) {
      json.enter();
      const start = wire.fork();
      message.toWire(json, wire);
      wire.join(start);
      json.depth--;
    },
    toJson(wire, json) {
      const outer = wire.enter();
      message.toJson(wire, json);
      wire.leave(outer);
    },
  };
}
