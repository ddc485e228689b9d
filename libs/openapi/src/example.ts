import type { DescField, DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { type FieldBehaviour, fieldBehaviour } from './field-behaviour.js';
import type { Without } from './message-schema.js';
import { rulesOfMessage } from './value/field-rules.js';
import { type FieldValue, fieldValue } from './value/field-value.js';
import { type Refer, isPlain } from './value/single-value.js';

/** What an example is for, which decides on what belongs into it. */
export type ExampleUse = 'create' | 'change' | 'answer';

/** Values in one example. A message of many fields that are messages of many fields would grow without end. */
const MOST = 200;
/** Elements that an example repeats for a list which must have several. */
const MOST_ELEMENTS = 20;

/** Signals that a value which must be there has no example. */
class NoExample extends Error {}

/** JSON of the message that its schema allows, the same each time; undefined when none is found. */
export function exampleOf(
  message: DescMessage,
  use: ExampleUse,
  refer: Refer,
  without: Without = new Set(),
): JsonObject | undefined {
  return orNone(() => new Writer(use, refer).message(message, [], without, ''));
}

/** The same for a field by itself. */
export function exampleOfField(field: DescField, use: ExampleUse, refer: Refer): JsonValue | undefined {
  return orNone(() => new Writer(use, refer).field(field, fieldValue(field, refer), [], new Set(), ''));
}

function orNone<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof NoExample) return undefined;
    throw error;
  }
}

class Writer {
  readonly #use: ExampleUse;
  readonly #refer: Refer;
  #room = MOST;

  constructor(use: ExampleUse, refer: Refer) {
    this.#use = use;
    this.#refer = refer;
  }

  /** `above`: the messages that this one stands in. `at`: where it stands, ending in a dot. */
  message(desc: DescMessage, above: readonly DescMessage[], without: Without, at: string): JsonObject {
    const json: JsonObject = {};
    const chosen = new Set<DescField>();
    for (const field of desc.fields) {
      if (without.has(`${at}${field.jsonName}`) || rivalsOf(field).some((rival) => chosen.has(rival))) continue;
      const value = fieldValue(field, this.#refer);
      if (!value.required && !this.#belongs(field, fieldBehaviour(field))) continue;
      const example = this.field(field, value, [...above, desc], without, `${at}${field.jsonName}.`);
      if (example === undefined) {
        if (value.required) throw new NoExample();
        continue;
      }
      json[field.jsonName] = example;
      chosen.add(field);
    }
    return json;
  }

  #belongs(field: DescField, { readOnly, writeOnly, immutable }: FieldBehaviour): boolean {
    if (field.deprecated || this.#room <= 0) return false;
    if (this.#use === 'answer') return !writeOnly;
    // An etag of an example fits nothing that is there.
    return !readOnly && field.name !== 'etag' && !(this.#use === 'change' && immutable);
  }

  field(
    field: DescField,
    value: FieldValue,
    above: readonly DescMessage[],
    without: Without,
    at: string,
  ): JsonValue | undefined {
    this.#room -= 1;
    if (this.#room < -MOST) throw new NoExample();
    const one = (): JsonValue | undefined =>
      field.message && isPlain(field.message)
        ? this.#nested(
            field.message,
            value.required && (value.least > 0 || field.fieldKind === 'message'),
            above,
            without,
            at,
          )
        : value.example;
    if (field.fieldKind === 'list') return this.#list(value, one());
    if (field.fieldKind === 'map') return this.#map(value, one());
    return one();
  }

  /** A message within itself is left out where it may be. */
  #nested(
    message: DescMessage,
    required: boolean,
    above: readonly DescMessage[],
    without: Without,
    at: string,
  ): JsonObject | undefined {
    if (above.includes(message)) {
      if (required) throw new NoExample();
      return undefined;
    }
    try {
      return this.message(message, above, without, at);
    } catch (error) {
      if (required || !(error instanceof NoExample)) throw error;
      return undefined;
    }
  }

  #list({ schema, least }: FieldValue, element: JsonValue | undefined): JsonValue | undefined {
    if (element === undefined || schema.maxItems === 0) return least === 0 ? [] : undefined;
    if (least > MOST_ELEMENTS || (least > 1 && schema.uniqueItems)) return undefined;
    return Array.from({ length: Math.max(1, least) }, () => element);
  }

  #map({ schema, least, key }: FieldValue, element: JsonValue | undefined): JsonValue | undefined {
    if (element === undefined || key === undefined || schema.maxProperties === 0) return least === 0 ? {} : undefined;
    return least > 1 ? undefined : { [String(key)]: element };
  }
}

/** The fields that cannot be there beside it: those of its oneof, and those that a rule of the message puts against it. */
function rivalsOf({ oneof, name, parent }: DescField): readonly DescField[] {
  const groups = rulesOfMessage(parent)?.oneof.filter(({ fields }) => fields.includes(name)) ?? [];
  const named = new Set(groups.flatMap(({ fields }) => fields));
  return [...(oneof?.fields ?? []), ...parent.fields.filter((field) => named.has(field.name))];
}
