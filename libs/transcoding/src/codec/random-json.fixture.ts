import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { everyKind } from './every-kind.fixture.js';

/** Draws from a seed: JSON texts of messages, in all the ways in which it can be written. */
export class RandomJson {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number below one of at most 32 bits. */
  below(limit: number): number {
    return (this.#random() * limit) >>> 0;
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  /** JSON text of a message that everybody takes. */
  message(desc: DescMessage, depth = 0): string {
    return this.#wellKnown(desc, depth) ?? this.#object(this.#members(desc, depth));
  }

  #members(desc: DescMessage, depth: number): [string, string][] {
    const wanted = depth > 3 ? 1 : 1 + this.below(5);
    const chosen = new Set<DescField>(desc.fields.filter((field) => field.presence === 3));
    for (let count = 0; count < wanted && desc.fields.length > 0; count++) chosen.add(this.pick(desc.fields));
    const oneofs = new Set<unknown>();
    const fields = [...chosen].filter((field) => {
      if (field.oneof && oneofs.has(field.oneof)) return false;
      oneofs.add(field.oneof);
      return true;
    });
    if (this.chance(0.5)) fields.sort((a, b) => a.number - b.number);
    return fields.map((field) => [
      this.chance(0.2) ? field.name : field.jsonName,
      this.chance(0.05) && field.presence !== 3 && !field.oneof ? 'null' : this.#field(field, depth),
    ]);
  }

  #field(field: DescField, depth: number): string {
    const value = (): string => this.value(field, depth);
    if (field.fieldKind === 'list') return this.#list(Array.from({ length: this.below(4) }, value));
    if (field.fieldKind === 'map') {
      const entries = Array.from({ length: this.below(4) }, (): [string, string] => [this.#key(field.mapKey), value()]);
      return this.#object([...new Map(entries)]);
    }
    return value();
  }

  value(field: DescField, depth: number): string {
    if (field.message) return this.message(field.message, depth + 1);
    if (field.enum) return this.#enum(field.enum);
    return this.#scalar(field.scalar ?? ScalarType.STRING);
  }

  #enum({ values, open, typeName }: DescEnum): string {
    if (typeName === 'google.protobuf.NullValue') return 'null';
    const value = this.pick(values);
    if (open && this.chance(0.2)) return String(this.below(100) - 50);
    return this.chance(0.3) ? String(value.number) : JSON.stringify(value.name);
  }

  #scalar(type: ScalarType): string {
    switch (type) {
      case ScalarType.STRING:
        return this.#text();
      case ScalarType.BYTES:
        return this.#base64();
      case ScalarType.BOOL:
        return this.pick(['true', 'false']);
      case ScalarType.DOUBLE:
      case ScalarType.FLOAT:
        return this.#float(type === ScalarType.FLOAT ? 37 : 300);
      case ScalarType.INT32:
      case ScalarType.SINT32:
      case ScalarType.SFIXED32:
        return this.#quotable(this.#whole(32n, true));
      case ScalarType.UINT32:
      case ScalarType.FIXED32:
        return this.#quotable(this.#whole(32n, false));
      case ScalarType.UINT64:
      case ScalarType.FIXED64:
        return this.#long(this.#whole(64n, false));
      default:
        return this.#long(this.#whole(64n, true));
    }
  }

  /** Of few digits as often as of many, and often at an end of the range. */
  #whole(bits: bigint, signed: boolean): bigint {
    const least = signed ? -(1n << (bits - 1n)) : 0n;
    const most = (1n << (signed ? bits - 1n : bits)) - 1n;
    if (this.chance(0.1)) return this.pick([least, most, 0n, least + 1n, most - 1n]);
    const size = BigInt(this.below(2 ** 32)) * BigInt(2 ** 32) + BigInt(this.below(2 ** 32));
    const small = size >> BigInt(this.below(64));
    const value = signed && this.chance(0.5) ? -small : small;
    return value < least || value > most ? value % (most + 1n) : value;
  }

  #quotable(value: bigint): string {
    const text = this.chance(0.05) ? `${value}.0` : this.chance(0.05) ? `${value}e0` : String(value);
    return this.chance(0.2) ? `"${text}"` : text;
  }

  /** A number without quotes has no more than 53 bits in JSON. */
  #long(value: bigint): string {
    return this.chance(0.2) && value === BigInt(Number(value)) ? String(value) : `"${value}"`;
  }

  #float(exponent: number): string {
    if (this.chance(0.1)) return this.pick(['"NaN"', '"Infinity"', '"-Infinity"', '0', '-0', '0.0', '1e-7', '1E+2']);
    const value =
      (this.#random() - 0.5) * 10 ** (this.chance(0.5) ? this.below(5) : this.below(2 * exponent) - exponent);
    const text = this.chance(0.3)
      ? value.toFixed(this.below(6))
      : String(this.chance(0.3) && Math.abs(value) < 1e38 ? Math.fround(value) : value);
    return this.chance(0.1) ? `"${text}"` : text;
  }

  #base64(): string {
    const bytes = Buffer.from(Array.from({ length: this.below(12) }, () => this.below(256)));
    const text = bytes.toString(this.chance(0.3) ? 'base64url' : 'base64');
    return JSON.stringify(this.chance(0.3) ? text.replaceAll('=', '') : text);
  }

  /** A string token, some of it escaped. */
  #text(): string {
    const pieces = [
      'a',
      'Wort',
      'longer than a few words of four bytes',
      '"',
      '\\',
      '/',
      '\n',
      '\u0001',
      'é',
      '漢字',
      '😀',
      '\u2028',
      '__proto__',
      ' ',
    ];
    const text = Array.from({ length: this.below(4) }, () => this.pick(pieces)).join('');
    const token = JSON.stringify(text);
    if (this.chance(0.8)) return token;
    return token.replace(/[^"\\]/gu, (character) =>
      this.chance(0.5) || token.includes('\\')
        ? character
        : [...Array(character.length).keys()]
            .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
            .join(''),
    );
  }

  #key(type: ScalarType): string {
    if (type === ScalarType.STRING) return JSON.parse(this.#text().length > 3 ? this.#text() : '"key"') as string;
    if (type === ScalarType.BOOL) return this.pick(['true', 'false']);
    const is64 = [ScalarType.INT64, ScalarType.SINT64, ScalarType.SFIXED64, ScalarType.UINT64, ScalarType.FIXED64];
    const unsigned = [ScalarType.UINT32, ScalarType.FIXED32, ScalarType.UINT64, ScalarType.FIXED64];
    return String(this.#whole(is64.includes(type) ? 64n : 32n, !unsigned.includes(type)));
  }

  #wellKnown(desc: DescMessage, depth: number): string | undefined {
    if (isWrapperDesc(desc)) return this.#scalar(desc.fields[0].scalar);
    switch (desc.typeName) {
      case 'google.protobuf.Timestamp':
        return `"${this.#timestamp()}"`;
      case 'google.protobuf.Duration':
        return `"${this.pick(['', '-'])}${this.below(10 ** this.below(12))}${this.#fraction()}s"`;
      case 'google.protobuf.FieldMask':
        return `"${Array.from({ length: this.below(3) }, () => this.pick(['name', 'pageCount', 'a.bC.d1', 'title']))}"`;
      case 'google.protobuf.Struct':
        return this.#struct(depth);
      case 'google.protobuf.ListValue':
        return this.#anyList(depth);
      case 'google.protobuf.Value':
        return this.#any(depth);
      case 'google.protobuf.Any': {
        if (depth > 2 || this.chance(0.2)) return '{}';
        const inner = this.pick(['kinds.Leaf', 'kinds.Singles', 'google.protobuf.Duration', 'google.protobuf.Struct']);
        const message = everyKind.getMessage(inner) as DescMessage;
        const json = this.message(message, depth + 1);
        const type = `"@type":"type.googleapis.com/${inner}"`;
        if (inner.startsWith('google')) return `{${type},"value":${json}}`;
        return json === '{}'
          ? `{${type}}`
          : json.replace(/^\s*\{\s*(\})?/, (_, end?: string) => `{${type}${end ?? ','}`);
      }
    }
    return undefined;
  }

  #timestamp(): string {
    const date = new Date(
      Date.UTC(
        1 + this.below(9998),
        this.below(12),
        1 + this.below(28),
        this.below(24),
        this.below(60),
        this.below(60),
      ),
    );
    if (this.chance(0.9)) date.setUTCFullYear(1900 + this.below(200));
    const zone = this.chance(0.8) ? 'Z' : `${this.pick(['+', '-'])}0${this.below(10)}:${this.pick(['00', '30', '59'])}`;
    return `${date.toISOString().slice(0, 19)}${this.#fraction()}${zone}`;
  }

  #fraction(): string {
    return this.chance(0.5)
      ? ''
      : `.${String(this.below(10 ** 9))
          .padStart(9, '0')
          .slice(0, 1 + this.below(9))}`;
  }

  #any(depth: number): string {
    const kinds = [
      () => 'null',
      () => this.pick(['true', 'false']),
      () => this.#float(300).replaceAll('"', ''),
      () => this.#text(),
      () => this.#struct(depth + 1),
      () => this.#anyList(depth + 1),
    ];
    const text = this.pick(depth > 3 ? kinds.slice(0, 4) : kinds)();
    return /NaN|Infinity/.test(text) ? '1' : text;
  }

  #struct(depth: number): string {
    const entries = Array.from({ length: this.below(4) }, (): [string, string] => [
      this.#key(ScalarType.STRING),
      this.#any(depth),
    ]);
    return this.#object([...new Map(entries)]);
  }

  #anyList(depth: number): string {
    return this.#list(Array.from({ length: this.below(4) }, () => this.#any(depth)));
  }

  #object(members: readonly (readonly [string, string])[]): string {
    const [comma, colon] = this.chance(0.2) ? [' ,\n\t', ' : '] : [',', ':'];
    return `{${members.map(([key, value]) => `${JSON.stringify(key)}${colon}${value}`).join(comma)}}`;
  }

  #list(values: readonly string[]): string {
    return this.chance(0.2) ? `[ ${values.join(' , ')}\r\n]` : `[${values.join(',')}]`;
  }
}

/** Text with a mistake in it, or what could be one. */
export function mistaken(text: string, draw: RandomJson): string {
  const at = draw.below(text.length + 1);
  const tokens = [
    'null',
    'true',
    '1',
    '-1',
    '1.5',
    '1e400',
    '1e99',
    '01',
    '""',
    '"x"',
    '[]',
    '{}',
    '[null]',
    '{"a":1}',
    '"\\ud800"',
    '"1 "',
    '99999999999',
    '1e-400',
    '-',
  ];
  const characters = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '.', 'e', '-', '_', 'é', '\n', '\u0000', ' ', '/'];
  const replaceValue = (): string => {
    const values = [...text.matchAll(/("(?:[^"\\]|\\.)*"|[-\w.+]+)(?=\s*[,}\]])/g)];
    const value = values[draw.below(Math.max(1, values.length))];
    return value ? text.slice(0, value.index) + draw.pick(tokens) + text.slice(value.index + value[0].length) : '[]';
  };
  return draw
    .pick([
      replaceValue,
      replaceValue,
      replaceValue,
      () => text.slice(0, at) + text.slice(at + 1),
      () => text.slice(0, at) + draw.pick(characters) + text.slice(at),
      () => text.slice(0, at) + draw.pick(characters) + text.slice(at + 1),
      () => text.slice(0, at),
      // A member a second time, which need not be the same.
      () => text.replace(/"[^"\\]*"\s*:\s*("[^"\\]*"|[\w.-]+|\[\]|\{\})/, (member) => `${member},${member}`),
      () => text.replace(/"([^"\\]*)"\s*:/, (_, name: string) => `"${name}${draw.pick(['x', '_', ''])}":`),
      () => text + draw.pick([' ', ',', '{}', 'x', '\u00a0']),
    ])()
    .toWellFormed();
}
