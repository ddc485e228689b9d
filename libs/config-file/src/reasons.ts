import { z } from 'zod';

/** Why one place is not as it should be. */
export interface Reason {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  /** Another place that has to do with it. */
  readonly see: readonly PropertyKey[] | undefined;
}

/** What zod says of a value when nobody has said anything better: in the words of who writes a file. */
export function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `no such key; possible here: ${possibleKeys(issue.inst).join(', ')}`;
  if (issue.code === 'invalid_value') {
    return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
  }
  if (issue.code !== 'invalid_type') return undefined;
  const { input } = issue;
  if (input === undefined) return 'is missing';
  if (issue.expected === 'string' && input !== null && typeof input !== 'object') {
    return `expected text, and YAML reads this as a ${typeof input}: put it in quotes`;
  }
  return `expected ${KINDS[issue.expected] ?? issue.expected}, not ${kindOf(input)}`;
}

/** Every fault of a value at the most exact place that it has. */
export const reasonsOf = (issues: readonly z.core.$ZodIssue[]): Reason[] =>
  issues.flatMap((issue) => reasons(issue, []));

function reasons(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): Reason[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], reason: issue.message, see: undefined }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.flatMap((inner) => reasons({ ...inner, path: [] }, path));
  }
  if (issue.code === 'invalid_union' && issue.message === UNION_WITHOUT_WORDS) return closest(issue.errors, path);
  const see: unknown = issue.code === 'custom' ? issue.params?.['see'] : undefined;
  return [{ path, reason: issue.message, see: Array.isArray(see) ? see : undefined }];
}

/** What zod says of a union when nobody has said anything better. */
const UNION_WITHOUT_WORDS = 'Invalid input';

/** Of a value that is none of several kinds: what is wrong with it as the kind that it looks like, or all that it may be. */
function closest(errors: readonly (readonly z.core.$ZodIssue[])[], path: readonly PropertyKey[]): Reason[] {
  const looksLike = errors.find((issues) => !issues.some(isOtherKind));
  const possible = looksLike ? [looksLike] : errors;
  const all = possible.map((issues) => issues.flatMap((issue) => reasons(issue, path)));
  if (all.length <= 1) return all.flat();
  const words = new Set(all.flatMap((some) => some.map(({ reason }) => reason)));
  return [{ path, reason: [...words].join('; or '), see: undefined }];
}

/** Whether the value is something else altogether. */
const isOtherKind = ({ code, path }: z.core.$ZodIssue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');

function possibleKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape).sort() : [];
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
  record: 'keys with values',
};

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? typeof value;
}
