import { ScalarType } from '@bufbuild/protobuf';
import type { FieldRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import { type Range, candidates, describeRange, fits, isOutside, rangeOf } from './range.js';
import type { Value, ValueOptions } from './value.js';

/** Formats of https://spec.openapis.org/registry/format/ */
const FORMATS: Partial<Record<ScalarType, Schema>> = {
  [ScalarType.DOUBLE]: { type: 'number', format: 'double' },
  [ScalarType.FLOAT]: { type: 'number', format: 'float' },
  [ScalarType.UINT32]: { type: 'integer', format: 'uint32', minimum: 0 },
  [ScalarType.FIXED32]: { type: 'integer', format: 'uint32', minimum: 0 },
};
const INT32: Schema = { type: 'integer', format: 'int32' };

/** What proto3 JSON writes for what JSON has no number for. */
const SPECIAL = ['NaN', 'Infinity', '-Infinity'] as const;

/** A number of up to 32 bits, or one with a fraction. */
export function numberValue(scalar: ScalarType, rules: FieldRules | undefined, { nonZero }: ValueOptions): Value {
  const type = FORMATS[scalar] ?? INT32;
  const range = rangeOf(rules?.type.value, (value: number) => value);
  const accepts = (value: number): boolean => fits(range, value) && !(nonZero && value === 0);
  const schema: Schema = { ...type, ...keywordsOf(range, type.minimum), ...exclude(range, nonZero) };
  const specials = type.type === 'number' && !isFinite(rules) ? SPECIAL.filter((name) => accepts(Number(name))) : [];
  const found = candidates(range, [10, 1, 0], (value, by) => value + by).find(
    (value) => accepts(value) && (type.minimum === undefined || value >= type.minimum) && Number.isFinite(value),
  );
  return {
    schema: specials.length > 0 ? { anyOf: [schema, { type: 'string', enum: specials }] } : schema,
    notes: [],
    zeroFits: accepts(0),
    example: found,
  };
}

function isFinite(rules: FieldRules | undefined): boolean {
  return (rules?.type.case === 'float' || rules?.type.case === 'double') && rules.type.value.finite;
}

function keywordsOf(range: Range<number>, least: number | undefined): Schema {
  const choice = range.const === undefined ? range.in : [range.const];
  if (choice.length > 0) return { enum: choice.filter((value) => Number.isFinite(value) && fits(range, value)) };
  const lower: Schema = {
    ...(least !== undefined && { minimum: least }),
    ...finite('minimum', range.gte),
    ...finite('exclusiveMinimum', range.gt),
  };
  const upper: Schema = { ...finite('maximum', range.lte), ...finite('exclusiveMaximum', range.lt) };
  return isOutside(range) ? { anyOf: [lower, upper] } : { ...lower, ...upper };
}

/** A bound that JSON can write; one at infinity is none for the numbers that it can. */
const finite = (keyword: keyof Schema, bound: number | undefined): Schema =>
  bound !== undefined && Number.isFinite(bound) ? { [keyword]: bound } : {};

function exclude({ notIn }: Range<number>, nonZero: boolean): Schema {
  const excluded = [...new Set([...notIn.filter(Number.isFinite), ...(nonZero ? [0] : [])])];
  return excluded.length > 0 ? { not: { enum: excluded } } : {};
}

const UNSIGNED: ReadonlySet<ScalarType> = new Set([ScalarType.UINT64, ScalarType.FIXED64]);

/** A number of 64 bits, which proto3 JSON writes as text. */
export function longValue(scalar: ScalarType, rules: FieldRules | undefined, { nonZero }: ValueOptions): Value {
  const unsigned = UNSIGNED.has(scalar);
  const range = rangeOf(rules?.type.value, (value: bigint) => value);
  const accepts = (value: bigint): boolean => fits(range, value) && !(nonZero && value === 0n);
  const choice = range.const === undefined ? range.in : [range.const];
  const excluded = [...new Set([...range.notIn, ...(nonZero ? [0n] : [])])].map(String);
  const note = describeRange({ ...range, notIn: [] }, String);
  const found = candidates(range, [10n, 1n, 0n], (value, by) => value + BigInt(by)).find(
    (value) => accepts(value) && !(unsigned && value < 0n),
  );
  return {
    schema: {
      type: 'string',
      format: unsigned ? 'uint64' : 'int64',
      ...(choice.length > 0
        ? { enum: choice.filter((value) => fits(range, value)).map(String) }
        : { pattern: unsigned ? '^[0-9]+$' : '^-?[0-9]+$' }),
      ...(excluded.length > 0 && { not: { enum: excluded } }),
    },
    notes: note === undefined ? [] : [note],
    zeroFits: accepts(0n),
    example: found === undefined ? undefined : String(found),
  };
}
