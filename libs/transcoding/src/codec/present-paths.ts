import type { FieldCodec } from './field-codec.js';
import type { JsonReader } from './json-reader.js';
import type { WireWriter } from './wire-writer.js';

/** Paths of the fields that JSON has: a nested message is named by its parts, one without any, a list or a map as a whole. */
export class PresentPaths {
  readonly found: string[] = [];
  readonly #skipped: ReadonlySet<string>;
  #prefix = '';
  /** Whether the message that was read last has fields. */
  #hasFields = false;

  constructor(skipped: ReadonlySet<string>) {
    this.#skipped = skipped;
  }

  /** Reads the field's value. */
  read(field: FieldCodec, json: JsonReader, wire: WireWriter): void {
    const prefix = this.#prefix;
    const path = prefix + field.name;
    const isSkipped = this.#skipped.has(path);
    this.#hasFields = false;
    if (isSkipped || !field.single) json.paths = undefined;
    else this.#prefix = `${path}.`;
    field.toWire(json, wire);
    json.paths = this;
    this.#prefix = prefix;
    if (!isSkipped && !this.#hasFields) this.found.push(path);
    this.#hasFields = true;
  }
}
