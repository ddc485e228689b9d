import { base64Encode } from '@bufbuild/protobuf/wire';
import type { FieldRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import type { Value, ValueOptions } from './value.js';

/** Longest example, in bytes. */
const LONGEST = 64;

/** Bytes, which proto3 JSON writes in base64. Their number is told in words, since padding makes the text's length inexact. */
export function bytesValue(rules: FieldRules | undefined, { nonZero }: ValueOptions): Value {
  const given = rules?.type.case === 'bytes' ? rules.type.value : undefined;
  const count = (key: 'len' | 'minLen' | 'maxLen'): number | undefined =>
    given && Object.hasOwn(given, key) ? Number(given[key]) : undefined;
  const exact = count('len');
  const least = count('minLen') ?? exact ?? (nonZero ? 1 : 0);
  const most = count('maxLen') ?? exact;
  const choice = given && Object.hasOwn(given, 'const') ? [given.const] : (given?.in ?? []);
  const schema: Schema = {
    type: 'string',
    contentEncoding: 'base64',
    ...(least > 0 && { minLength: Math.ceil((least * 4) / 3) }),
    ...(most !== undefined && { maxLength: Math.ceil(most / 3) * 4 }),
    ...(choice.length > 0 && { enum: choice.map((bytes) => base64Encode(bytes)) }),
  };
  const notes = [
    ...(exact !== undefined ? [`Exactly ${exact} bytes.`] : []),
    ...(exact === undefined && least > 1 ? [`At least ${least} bytes.`] : []),
    ...(exact === undefined && most !== undefined ? [`At most ${most} bytes.`] : []),
    ...(given && needsWords(given) ? ['Not any bytes will do: the contract has a rule for them.'] : []),
  ];
  const ideas = [...(given?.example ?? []), ...choice, ...(given && needsWords(given) ? [] : [someBytes(least, most)])];
  const example = ideas.find((bytes) => bytes !== undefined);
  return {
    schema,
    notes,
    zeroFits: least === 0 && choice.every(({ length }) => length === 0) && !(given && needsWords(given)),
    example: example && base64Encode(example),
  };
}

type BytesRules = Extract<FieldRules['type'], { case: 'bytes' }>['value'];

/** Whether a rule looks into the bytes. */
const needsWords = (rules: BytesRules): boolean =>
  (['pattern', 'prefix', 'suffix', 'contains'] as const).some((key) => Object.hasOwn(rules, key)) ||
  rules.wellKnown.case !== undefined;

function someBytes(least: number, most: number | undefined): Uint8Array | undefined {
  const length = Math.max(least, Math.min(4, most ?? 4));
  return length > LONGEST ? undefined : Uint8Array.from({ length }, (_, index) => index + 1);
}
