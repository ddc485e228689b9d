import { type DescEnum, type DescField, type DescMessage, type Registry, ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence as Presence, isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { type Codec, type MessageCodec, delimited } from './codec.js';
import { enumCodec, nullValueCodec } from './enum-codec.js';
import { fallbackCodec } from './fallback-codec.js';
import { type FieldCodec, ListField, MapField, type Oneof, SingleField } from './field-codec.js';
import { fieldMaskCodec } from './field-mask-codec.js';
import { PlainMessageCodec } from './message-codec.js';
import { SCALARS, quotedKey } from './scalar-codec.js';
import { listValueCodec, structCodec, valueCodec } from './struct-codec.js';
import { durationCodec, timestampCodec } from './time-codec.js';
import { wrapperCodec } from './wrapper-codec.js';

const WELL_KNOWN: Readonly<Record<string, MessageCodec>> = {
  'google.protobuf.Timestamp': timestampCodec,
  'google.protobuf.Duration': durationCodec,
  'google.protobuf.FieldMask': fieldMaskCodec,
  'google.protobuf.Struct': structCodec,
  'google.protobuf.Value': valueCodec,
  'google.protobuf.ListValue': listValueCodec,
};

const NULL_VALUE = 'google.protobuf.NullValue';

/** The codecs of a contract's types, each made when it is first asked for. */
export class Codecs {
  readonly #registry: Registry;
  readonly #messages = new Map<DescMessage, MessageCodec>();
  readonly #enums = new Map<DescEnum, Codec>();
  /** Names of the messages that extensions of the contract add to. */
  readonly #extended: ReadonlySet<string>;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#extended = new Set(
      [...registry].filter((type) => type.kind === 'extension').map(({ extendee }) => extendee.typeName),
    );
  }

  message(desc: DescMessage): MessageCodec {
    const known = this.#messages.get(desc);
    if (known) return known;
    const special = Object.hasOwn(WELL_KNOWN, desc.typeName) ? WELL_KNOWN[desc.typeName] : undefined;
    if (special) return this.#keep(desc, special);
    if (isWrapperDesc(desc)) return this.#keep(desc, wrapperCodec(SCALARS[desc.fields[0].scalar]));
    if (this.#isRare(desc)) return this.#keep(desc, fallbackCodec(desc, this.#registry));
    const codec = new PlainMessageCodec();
    this.#keep(desc, codec);
    const fields = desc.fields.toSorted((a, b) => a.number - b.number);
    const oneofs = desc.oneofs.map(({ fields: members }, index) => ({ members, mark: fields.length + index }));
    codec.setFields(
      fields.map((field, index) => {
        const oneof = oneofs.find(({ members }) => members.includes(field));
        const others = (oneof?.members ?? []).filter((other) => other !== field).map((other) => fields.indexOf(other));
        return this.#field(field, index, oneof && { mark: oneof.mark, others });
      }),
      oneofs.length,
    );
    return codec;
  }

  #keep(desc: DescMessage, codec: MessageCodec): MessageCodec {
    this.#messages.set(desc, codec);
    return codec;
  }

  /** What a codec of ours would have to know and hardly anybody sends. */
  #isRare(desc: DescMessage): boolean {
    const names = desc.fields.flatMap(({ name, jsonName }) => (name === jsonName ? [name] : [name, jsonName]));
    return (
      desc.typeName === 'google.protobuf.Any' ||
      this.#extended.has(desc.typeName) ||
      new Set(names).size < names.length ||
      desc.fields.some(
        (field) =>
          field.presence === Presence.LEGACY_REQUIRED ||
          field.enum?.open === false ||
          (field.fieldKind !== 'map' && field.message !== undefined && field.delimitedEncoding),
      )
    );
  }

  #field(field: DescField, index: number, oneof: Oneof | undefined): FieldCodec {
    const value = this.#value(field);
    switch (field.fieldKind) {
      case 'list':
        return new ListField(field, index, value);
      case 'map':
        return new MapField(field, index, quotedKey(field.mapKey), value);
      default:
        return new SingleField(field, index, value, field.presence !== Presence.IMPLICIT, oneof);
    }
  }

  #value(field: DescField): Codec {
    if (field.message) return delimited(this.message(field.message));
    if (field.enum) return this.#enum(field.enum);
    return SCALARS[field.scalar ?? ScalarType.STRING];
  }

  #enum(desc: DescEnum): Codec {
    let codec = this.#enums.get(desc);
    if (!codec) {
      codec = desc.typeName === NULL_VALUE ? nullValueCodec : enumCodec(desc);
      this.#enums.set(desc, codec);
    }
    return codec;
  }
}
