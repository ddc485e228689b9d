import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { resolveFieldPath } from './message-field.js';
import { acceptsText } from './text-value.js';

/** Parts of a name: JSON nests no deeper, and a stranger's name is not followed for longer. */
const MAX_DEPTH = 100;

/** The fields to the one that a query parameter of this name stands for, or why there is none, worded to follow its name. */
export function queryFields(
  message: DescMessage,
  name: string,
  taken: ReadonlySet<string>,
): readonly DescField[] | string {
  const canBe = !taken.has('*') && name.split('.', MAX_DEPTH + 1).length <= MAX_DEPTH;
  const fields = canBe ? resolveFieldPath(message, name) : undefined;
  if (!fields) return 'is not a known query parameter';
  const keys = fields.map((field) => field.jsonName);
  if (keys.some((_, index) => taken.has(keys.slice(0, index + 1).join('.')))) {
    return 'comes from the path or the body, not from the query';
  }
  const field = fields.at(-1);
  return field && acceptsText(field) ? fields : 'cannot be given in the query';
}
