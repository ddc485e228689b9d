import type { MessageCodec } from './codec.js';
import type { FieldCodec } from './field-codec.js';
import { CLOSE_OBJECT, COLON, type JsonReader, OPEN_OBJECT } from './json-reader.js';
import type { JsonWriter } from './json-writer.js';
import { NameTable } from './name-table.js';
import { refuse } from './refused.js';
import type { WireReader } from './wire-reader.js';
import type { WireWriter } from './wire-writer.js';

/** Field numbers up to here are looked up in a list. */
const DENSE = 1_024;

/** A message whose JSON is an object with its fields as keys. */
export class PlainMessageCodec implements MessageCodec {
  readonly takesNull = false;
  #fields: readonly FieldCodec[] = [];
  #byName = new NameTable<FieldCodec>([]);
  readonly #byNumber: (FieldCodec | undefined)[] = [];
  readonly #sparse = new Map<number, FieldCodec>();
  #words = 0;

  /** The fields, ordered by number. They come after the message, for a message may hold itself. */
  setFields(fields: readonly FieldCodec[], oneofs: number): void {
    this.#fields = fields;
    this.#byName = new NameTable(
      fields.flatMap((field) => [[field.jsonName, field] as const, [field.name, field] as const]),
    );
    this.#words = (fields.length + oneofs + 31) >> 5;
    for (const field of fields) {
      if (field.number < DENSE) this.#byNumber[field.number] = field;
      else this.#sparse.set(field.number, field);
    }
  }

  toWire(json: JsonReader, wire: WireWriter): void {
    json.expect(OPEN_OBJECT);
    const seen = json.seen.push(this.#words, 0);
    if (json.peek() === CLOSE_OBJECT) json.at++;
    else {
      let next = 0;
      do {
        const field = this.#key(json, next);
        next = field.index + 1;
        mark(json, seen, field.index);
        if (field.oneof !== undefined) mark(json, seen, field.oneof.mark);
        if (json.paths === undefined) field.toWire(json, wire);
        else json.paths.read(field, json, wire);
      } while (json.more(CLOSE_OBJECT));
    }
    json.seen.top = seen;
  }

  /** Reads a key and its colon. Most senders keep the order of the fields, so the next field's key is tried first. */
  #key(json: JsonReader, next: number): FieldCodec {
    json.peek();
    const expected = this.#fields[next];
    if (expected !== undefined && json.takes(expected.key)) return expected;
    json.string();
    const field = this.#byName.find(json.text.bytes, json.from, json.to) ?? refuse();
    json.expect(COLON);
    return field;
  }

  toJson(wire: WireReader, json: JsonWriter): void {
    const places = this.#places(wire);
    const { end } = wire;
    const start = json.at;
    const fields = this.#fields;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index] as FieldCodec;
      const first = wire.places.items[places + 2 * index] as number;
      if (first < 0) {
        if (field.absent !== undefined) json.text(field.absent);
      } else {
        json.text(field.commaKey);
        field.toJson(wire, json, first, wire.places.items[places + 2 * index + 1] as number);
      }
    }
    if (json.at === start) json.byte(OPEN_OBJECT);
    else json.patch(start, OPEN_OBJECT);
    json.byte(CLOSE_OBJECT);
    wire.at = end;
    wire.places.top = places;
  }

  /** JSON of one field alone. */
  fieldToJson(number: number, wire: WireReader, json: JsonWriter): void {
    const field = this.field(number);
    const places = this.#places(wire);
    const first = wire.places.items[places + 2 * field.index] as number;
    const last = wire.places.items[places + 2 * field.index + 1] as number;
    if (first < 0) json.ascii(field.zero ?? 'null');
    else field.toJson(wire, json, first, last);
    wire.places.top = places;
  }

  /** The codec of a field that the message has. */
  field(number: number): FieldCodec {
    return this.#byNumber[number] ?? this.#sparse.get(number) ?? refuse();
  }

  /**
   * Where each field is, by its index: its value, or where the first and the last of its values begin, with their tags; -1
   * where it is not. Fields may come in any order. Refuses several values of one field or oneof: of those that the last
   * replaces, nobody would have seen whether they are values at all, and messages would have to be merged.
   */
  #places(wire: WireReader): number {
    const places = wire.places.push(2 * this.#fields.length, -1);
    const { items } = wire.places;
    while (wire.at < wire.end) {
      const start = wire.at;
      const tag = wire.tag();
      const number = tag >>> 3;
      const field = this.#byNumber[number] ?? (number < DENSE ? undefined : this.#sparse.get(number));
      if (field !== undefined) {
        if (!field.takes(tag & 7)) refuse();
        const place = places + 2 * field.index;
        if ((items[place] as number) < 0) items[place] = field.single ? wire.at : start;
        else if (field.single) refuse();
        items[place + 1] = start;
        if (field.oneof !== undefined) {
          for (const other of field.oneof.others) if ((items[places + 2 * other] as number) >= 0) refuse();
        }
      }
      wire.skip(tag & 7);
    }
    return places;
  }
}

/** Refuses what is there for the second time. */
function mark(json: JsonReader, seen: number, index: number): void {
  const { items } = json.seen;
  const word = seen + (index >> 5);
  const bit = 1 << (index & 31);
  if (((items[word] as number) & bit) !== 0) refuse();
  items[word] = (items[word] as number) | bit;
}
