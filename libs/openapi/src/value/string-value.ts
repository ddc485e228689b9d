import type { FieldRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import { exampleTexts } from './example-texts.js';
import { type TextRule, atLeast, stringRules } from './string-rules.js';
import type { Value, ValueOptions } from './value.js';

export function stringValue(rules: FieldRules | undefined, { name, nonZero }: ValueOptions): Value {
  const given = rules?.type.case === 'string' ? rules.type.value : undefined;
  const all = [...(given ? stringRules(given) : []), ...(nonZero ? [atLeast(1)] : [])];
  const accepts = (text: string): boolean => all.every((rule) => rule.accepts(text));
  const first = (texts: Iterable<string>): string | undefined => {
    for (const text of texts) if (text !== '' && accepts(text)) return text;
    return undefined;
  };
  return {
    schema: merge(all.flatMap(({ schema }) => schema ?? [])),
    notes: all.flatMap(({ note }) => note ?? []),
    zeroFits: accepts(''),
    example:
      given?.example[0] ??
      first(all.flatMap(({ known = [] }) => known)) ??
      first(exampleTexts(name, leastOf(all), mostOf(all))) ??
      first(all.flatMap(({ made = [] }) => made)),
  };
}

const leastOf = (rules: readonly TextRule[]): number => Math.max(0, ...rules.map(({ least = 0 }) => least));
const mostOf = (rules: readonly TextRule[]): number => Math.min(...rules.map(({ most = Infinity }) => most));

/** One schema for all: the strictest lengths, and what two of them have in common side by side. */
function merge(schemas: readonly Schema[]): Schema {
  let merged: Schema = { type: 'string' };
  const beside: Schema[] = [];
  for (const { minLength, maxLength, ...rest } of schemas) {
    merged = {
      ...merged,
      ...(minLength !== undefined && { minLength: Math.max(minLength, merged.minLength ?? 0) }),
      ...(maxLength !== undefined && { maxLength: Math.min(maxLength, merged.maxLength ?? Infinity) }),
    };
    if (Object.keys(rest).some((key) => Object.hasOwn(merged, key))) beside.push(rest);
    else merged = { ...merged, ...rest };
  }
  return beside.length > 0 ? { ...merged, allOf: beside } : merged;
}
