import { type JsonValue, create, fromJson, toJson } from '@bufbuild/protobuf';
import { type Duration, DurationSchema, type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { FieldRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import { candidates, describeRange, fits, rangeOf } from './range.js';
import type { Value } from './value.js';

const NANOS = 1_000_000_000n;
const nanosOf = ({ seconds, nanos }: Timestamp | Duration): bigint => seconds * NANOS + BigInt(nanos);

export const TIMESTAMP: Schema = { type: 'string', format: 'date-time' };
export const DURATION: Schema = {
  type: 'string',
  pattern: '^-?[0-9]+(\\.[0-9]{1,9})?s$',
  description: 'Seconds, with a fraction if need be: `1.5s`.',
};

/** A point in time. */
export function timestampValue(rules: FieldRules | undefined): Value {
  const given = rules?.type.case === 'timestamp' ? rules.type.value : undefined;
  const notes = [
    ...(given?.lessThan.case === 'ltNow' && given.lessThan.value ? ['In the past.'] : []),
    ...(given?.greaterThan.case === 'gtNow' && given.greaterThan.value ? ['In the future.'] : []),
    ...(given?.within ? [`Within ${short(showDuration(nanosOf(given.within)))} of now.`] : []),
  ];
  // Examples are the same at any time: one that must be near now cannot be given.
  const ordinary = given?.within
    ? []
    : notes.includes('In the future.')
      ? ['2099-12-31T12:00:00Z']
      : ['2026-01-31T12:00:00Z', '2020-01-31T12:00:00Z'];
  const times = ordinary.map((text) => nanosOf(fromJson(TimestampSchema, text)));
  return momentValue(TIMESTAMP, rules, showTimestamp, times, notes);
}

/** A length of time. */
export function durationValue(rules: FieldRules | undefined): Value {
  return momentValue(DURATION, rules, showDuration, [(3n * NANOS) / 2n, NANOS, 60n * NANOS, 0n], []);
}

function momentValue(
  type: Schema,
  rules: FieldRules | undefined,
  show: (nanos: bigint) => string,
  ordinary: readonly bigint[],
  more: readonly string[],
): Value {
  const range = rangeOf(rules?.type.value, nanosOf);
  const choice = range.const === undefined ? range.in : [range.const];
  const note = describeRange(range, (nanos) => short(show(nanos)));
  const example = candidates(range, ordinary, (value, by) => value + BigInt(by) * NANOS).find((value) =>
    fits(range, value),
  );
  return {
    schema: choice.length > 0 ? { type: 'string', enum: choice.map(show) } : type,
    notes: [...(note === undefined ? [] : [note]), ...more],
    zeroFits: true,
    example: example === undefined ? undefined : short(show(example)),
  };
}

const showTimestamp = (nanos: bigint): string => {
  const fraction = ((nanos % NANOS) + NANOS) % NANOS;
  return text(
    toJson(TimestampSchema, create(TimestampSchema, { seconds: (nanos - fraction) / NANOS, nanos: Number(fraction) })),
  );
};

const showDuration = (nanos: bigint): string =>
  text(toJson(DurationSchema, create(DurationSchema, { seconds: nanos / NANOS, nanos: Number(nanos % NANOS) })));

/** Without the zeros that proto3 JSON writes at the end of a fraction: `1.500s`. Both are read alike. */
const short = (text: string): string => text.replace(/(\.\d*?)0+s$/, '$1s');

const text = (json: JsonValue): string => String(json);
