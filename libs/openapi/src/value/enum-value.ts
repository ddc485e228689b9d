import type { DescEnum } from '@bufbuild/protobuf';
import type { FieldRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import type { Value, ValueOptions } from './value.js';

/** The names of an enum. Of all of them the schema is `whole`, a reference; a choice of them stands where it is used. */
export function enumValue(
  desc: DescEnum,
  rules: FieldRules | undefined,
  { nonZero }: ValueOptions,
  whole: Schema,
): Value {
  const given = rules?.type.case === 'enum' ? rules.type.value : undefined;
  const accepts = (number: number): boolean =>
    (!given ||
      ((!Object.hasOwn(given, 'const') || number === given.const) &&
        (given.in.length === 0 || given.in.includes(number)) &&
        !given.notIn.includes(number))) &&
    !(nonZero && number === 0);
  const allowed = desc.values.filter(({ number }) => accepts(number));
  const offered = given?.example.flatMap((number) => desc.value[number] ?? []) ?? [];
  const example = [...offered, ...allowed.filter(({ number }) => number !== 0), ...allowed].find(({ number }) =>
    accepts(number),
  );
  return {
    schema: allowed.length === desc.values.length ? whole : { type: 'string', enum: allowed.map(({ name }) => name) },
    notes: [],
    zeroFits: accepts(0),
    example: example?.name,
  };
}
