import { type DescField, ScalarType } from '@bufbuild/protobuf';
import { type Binding, takenKeys } from './binding.js';
import type { Codecs } from './codec/codecs.js';
import type { FieldCodec } from './codec/field-codec.js';
import type { JsonReader } from './codec/json-reader.js';
import { PlainMessageCodec } from './codec/message-codec.js';
import { refuse } from './codec/refused.js';
import type { WireWriter } from './codec/wire-writer.js';
import { percentDecode, percentDecodeSegments, queryDecode } from './percent-decoding.js';
import { queryFields } from './query-fields.js';
import type { RequestParts } from './request-parts.js';
import { textToJson } from './text-value.js';

/** Marks of parameters are bits of a number. */
const MOST_PARAMETERS = 31;
/** A field below others has many names: each part may be spelled in two ways. */
const MOST_NAMES = 128;

/** A parameter whose texts can be written as values of its field, one after the other. */
interface Parameter {
  readonly fields: readonly DescField[];
  readonly codecs: readonly FieldCodec[];
  readonly isText: boolean;
  readonly mark: number;
}

/** Writes the parameters of a request to the wire, without JSON where they are text. Refuses whatever is not plain. */
export class PreparedParameters {
  readonly #binding: Binding;
  readonly #codecs: Codecs;
  readonly #json: JsonReader;
  readonly #wire: WireWriter;
  readonly #taken: ReadonlySet<string>;
  readonly #byField = new Map<string, Parameter>();
  readonly #byName = new Map<string, Parameter>();
  readonly #path: readonly Parameter[];

  /** Refuses path parameters that cannot be prepared. */
  constructor(binding: Binding, codecs: Codecs, json: JsonReader, wire: WireWriter) {
    this.#binding = binding;
    this.#codecs = codecs;
    this.#json = json;
    this.#wire = wire;
    this.#taken = takenKeys(binding);
    this.#path = binding.pathParameters.map(({ fields }) => this.#prepare(fields));
  }

  /** True when a parameter is, or is part of, the watched field of the request. */
  writeQuery(query: string, watched: DescField | undefined): boolean {
    let seen = 0;
    let isWatched = false;
    for (let start = 0; start < query.length;) {
      const end = endOf(query, '&', start, query.length);
      if (end > start) {
        const equals = endOf(query, '=', start, end);
        const parameter = this.#find(query.slice(start, equals));
        const text = queryDecode(query.slice(Math.min(equals + 1, end), end)) ?? refuse();
        const isList = parameter.fields.at(-1)?.fieldKind === 'list';
        if (!isList && (seen & parameter.mark) !== 0) refuse();
        seen |= parameter.mark;
        this.#write(parameter, text, 0);
        isWatched ||= parameter.fields[0] === watched;
      }
      start = end + 1;
    }
    return isWatched;
  }

  writePath(captures: RequestParts['captures']): void {
    const { pathParameters } = this.#binding;
    for (let index = 0; index < this.#path.length; index++) {
      const raw = captures[index] ?? '';
      const text = pathParameters[index]?.single ? percentDecode(raw) : percentDecodeSegments(raw);
      this.#write(this.#path[index] ?? refuse(), text ?? refuse(), 0);
    }
  }

  #write(parameter: Parameter, text: string, depth: number): void {
    const wire = this.#wire;
    const codec = parameter.codecs[depth] ?? refuse();
    if (depth < parameter.codecs.length - 1) {
      wire.uint32(codec.tag);
      const start = wire.fork();
      this.#write(parameter, text, depth + 1);
      wire.join(start);
    } else if (parameter.isText) {
      if (!text.isWellFormed()) refuse();
      wire.uint32(codec.tag);
      wire.string(text);
    } else {
      const field = parameter.fields.at(-1) ?? refuse();
      const value = JSON.stringify(textToJson(field, text));
      this.#json.startText(field.fieldKind === 'list' ? `[${value}]` : value);
      codec.toWire(this.#json, wire);
    }
  }

  #find(name: string): Parameter {
    return this.#byName.get(name) ?? this.#resolve(name);
  }

  /** Names come from strangers: only those of fields are kept, and not many. */
  #resolve(name: string): Parameter {
    if (/[%+]/.test(name)) refuse();
    const { method, queryParameters } = this.#binding;
    const named = queryParameters.find((parameter) => parameter.name === name)?.fields;
    const fields = named ?? queryFields(method.input, name, this.#taken);
    if (typeof fields === 'string') return refuse();
    const key = fields.map((field) => field.name).join('.');
    const parameter = this.#byField.get(key) ?? this.#prepare(fields);
    this.#byField.set(key, parameter);
    if (this.#byName.size < MOST_NAMES) this.#byName.set(name, parameter);
    return parameter;
  }

  #prepare(fields: readonly DescField[]): Parameter {
    const last = fields.at(-1);
    const codecs = fields.map((field) => {
      const message = this.#codecs.message(field.parent ?? refuse());
      // Two fields of a oneof must not both be given, and who else gives one is not known here.
      if (!(message instanceof PlainMessageCodec) || field.oneof) return refuse();
      return message.field(field.number);
    });
    if (!last || this.#byField.size >= MOST_PARAMETERS) return refuse();
    const isText = last.fieldKind !== 'map' && last.scalar === ScalarType.STRING;
    return { fields, codecs, isText, mark: 1 << this.#byField.size };
  }
}

const endOf = (text: string, character: string, start: number, limit: number): number => {
  const at = text.indexOf(character, start);
  return at < 0 || at > limit ? limit : at;
};
