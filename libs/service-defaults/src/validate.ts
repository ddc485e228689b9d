import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { pathToString } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import { invalidArgument } from '@trellis/errors';

/** One for the process: it compiles the rules of a message when it first sees one and keeps them. */
const validator = createValidator();

/** Throws INVALID_ARGUMENT with every violation of the message's `buf.validate` rules, named as `post.title`. */
export function validate<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): void {
  const result = validator.validate(schema, message);
  if (result.kind === 'valid') return;
  if (result.kind === 'error') throw result.error; // a rule that cannot be evaluated is our fault, not the caller's
  throw invalidArgument(
    result.violations.map(({ field, message: description }) => ({ field: pathToString(field), description })),
  );
}
