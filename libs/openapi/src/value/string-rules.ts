import type { StringRules } from '@trellis/contracts/buf/validate';
import type { Schema } from '../document.js';
import { matchingText } from './matching-text.js';
import { patternTest } from './pattern-test.js';
import { portablePattern } from './portable-pattern.js';
import { stringFormat } from './string-formats.js';

/** What one rule says: to programs, to people, and to the search for an example. */
export interface TextRule {
  readonly schema?: Schema;
  readonly note?: string | undefined;
  readonly accepts: (text: string) => boolean;
  /** Texts that are what it asks for. */
  readonly known?: readonly string[];
  /** Texts that follow it and tell nobody anything. */
  readonly made?: readonly string[];
  /** Characters that a text must have, if all of them are of one byte. */
  readonly least?: number;
  readonly most?: number;
}

type Counted = 'len' | 'minLen' | 'maxLen' | 'lenBytes' | 'minBytes' | 'maxBytes';
type Text = 'const' | 'pattern' | 'prefix' | 'suffix' | 'contains' | 'notContains';

/** The rules of a text, one by one. */
export function stringRules(rules: StringRules): TextRule[] {
  const found: TextRule[] = [];
  const when = <T>(value: T | undefined, make: (value: T) => TextRule): void => {
    if (value !== undefined) found.push(make(value));
  };
  // An optional field of proto2 is an own property only when it is set.
  const count = (key: Counted): number | undefined => (Object.hasOwn(rules, key) ? Number(rules[key]) : undefined);
  const text = (key: Text): string | undefined => (Object.hasOwn(rules, key) ? rules[key] : undefined);
  const only = text('const');
  const least = count('minLen') ?? count('len') ?? 0;

  when(only === undefined ? (rules.in.length > 0 ? rules.in : undefined) : [only], oneOf);
  when(rules.notIn.length > 0 ? rules.notIn : undefined, noneOf);
  when(least, atLeast);
  when(count('maxLen') ?? count('len'), atMost);
  when(count('minBytes') ?? count('lenBytes'), atLeastBytes);
  when(count('maxBytes') ?? count('lenBytes'), atMostBytes);
  when(text('pattern'), (pattern) => matching(pattern, least));
  when(text('prefix'), (part) => withPart(`^${literally(part)}`, (whole) => whole.startsWith(part)));
  when(text('suffix'), (part) => withPart(`${literally(part)}$`, (whole) => whole.endsWith(part)));
  when(text('contains'), (part) => withPart(literally(part), (whole) => whole.includes(part)));
  when(text('notContains'), without);
  when(stringFormat(rules), ({ schema, note, example, takesEmpty }) => ({
    schema,
    note,
    // Only the format's own example is known to be of it.
    accepts: (whole) => whole === example || (whole === '' && takesEmpty === true),
    known: [example],
  }));
  const parts = [text('prefix'), text('contains'), text('suffix')].filter((part) => part !== undefined);
  return parts.length > 0 ? [...found, { accepts: () => true, made: [parts.join('')] }] : found;
}

const oneOf = (texts: readonly string[]): TextRule => ({
  schema: { enum: texts },
  accepts: (text) => texts.includes(text),
  known: texts,
});

const noneOf = (texts: readonly string[]): TextRule => ({
  schema: { not: { enum: texts } },
  accepts: (text) => !texts.includes(text),
});

export const atLeast = (least: number): TextRule => ({
  schema: least > 0 ? { minLength: least } : {},
  accepts: (text) => points(text) >= least,
  least,
});

const atMost = (most: number): TextRule => ({
  schema: { maxLength: most },
  accepts: (text) => points(text) <= most,
  most,
});

/** A character has one to four bytes. */
const atLeastBytes = (least: number): TextRule => ({
  schema: { minLength: Math.ceil(least / 4) },
  note: `At least ${least} bytes in UTF-8.`,
  accepts: (text) => bytes(text) >= least,
  least,
});

const atMostBytes = (most: number): TextRule => ({
  schema: { maxLength: most },
  note: `At most ${most} bytes in UTF-8.`,
  accepts: (text) => bytes(text) <= most,
  most,
});

function matching(pattern: string, least: number): TextRule {
  const portable = portablePattern(pattern);
  if (portable === undefined) {
    // Whether a text matches is not known here; nor is it claimed that the empty one does not.
    return { note: `Matches the expression \`${pattern}\` (RE2).`, accepts: (text) => text === '' };
  }
  const made = [1, least].flatMap((often) => matchingText(portable, often) ?? []);
  const test = patternTest(portable);
  return { schema: { pattern: portable }, accepts: (text) => made.includes(text) || test(text), made };
}

const withPart = (pattern: string, accepts: TextRule['accepts']): TextRule => ({ schema: { pattern }, accepts });

const without = (part: string): TextRule => ({
  schema: { not: { pattern: literally(part) } },
  accepts: (text) => !text.includes(part),
});

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Length as `buf.validate` and JSON Schema count: in code points. */
const points = (text: string): number => [...text].length;

const encoder = new TextEncoder();
const bytes = (text: string): number => encoder.encode(text).length;
