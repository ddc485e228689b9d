import { type DescMessage, type MessageShape, isFieldSet } from '@bufbuild/protobuf';
import type { FieldMask } from '@bufbuild/protobuf/wkt';
import { type Violation, invalidArgument } from '@trellis/errors';

export interface MaskRules<Name extends string> {
  /** Proto names of the fields that an update may change. */
  readonly mutable: readonly Name[];
  /** Proto names that may be named and change nothing, such as the etag. */
  readonly ignored?: readonly string[];
}

/**
 * Which fields an update changes, by their proto names (https://google.aip.dev/134): those that the mask names, all mutable
 * ones for `*`, and those that the message has when there is no mask. INVALID_ARGUMENT on `update_mask` for a path that is
 * no field or may not be changed.
 */
export function maskedFields<Schema extends DescMessage, Name extends string>(
  schema: Schema,
  message: MessageShape<Schema>,
  mask: FieldMask | undefined,
  { mutable, ignored = [] }: MaskRules<Name>,
): ReadonlySet<Name> {
  const paths = mask?.paths ?? [];
  if (paths.length === 0) {
    return new Set(
      mutable.filter((name) => schema.fields.some((field) => field.name === name && isFieldSet(message, field))),
    );
  }
  if (paths.includes('*') && paths.length === 1) return new Set(mutable);
  const isMutable = (path: string): path is Name => mutable.some((name) => name === path);
  const refused = paths.filter((path) => !isMutable(path) && !ignored.includes(path));
  if (refused.length > 0) throw invalidArgument(refused.map((path) => violation(schema, path, mutable)));
  return new Set(paths.filter(isMutable));
}

function violation(schema: DescMessage, path: string, mutable: readonly string[]): Violation {
  const known = schema.fields.some(({ name }) => name === path);
  const trouble = known ? `"${path}" cannot be changed` : `"${path}" is no field`;
  return { field: 'update_mask', description: `${trouble}; what can be named: ${mutable.join(', ')}` };
}
