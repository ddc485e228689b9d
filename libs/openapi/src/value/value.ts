import type { JsonValue } from '@bufbuild/protobuf';
import type { Schema } from '../document.js';

/** What a field's value (or an element of a list, a key or value of a map) may be, by its type and its rules. */
export interface Value {
  readonly schema: Schema;
  /** Sentences for what JSON Schema cannot say. */
  readonly notes: readonly string[];
  /** Whether the value that stands for nothing (empty, zero, false) is allowed. */
  readonly zeroFits: boolean;
  /** A value that is allowed, the same each time; undefined when none is found. */
  readonly example: JsonValue | undefined;
}

/** How a rule names a value that must not be zero: `required` on a field without presence. */
export interface ValueOptions {
  /** Name of the field, which says more of a good example than its type. */
  readonly name: string;
  /** Whether the value must be another than the one that stands for nothing. */
  readonly nonZero: boolean;
}
