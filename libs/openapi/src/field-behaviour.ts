import { type DescField, getOption } from '@bufbuild/protobuf';
import { FieldBehavior, field_behavior } from '@trellis/contracts/google/api';
import { optionReader } from './option-reader.js';

/** What `google.api.field_behavior` says of a field (https://google.aip.dev/203). */
export interface FieldBehaviour {
  /** Set by the service: what a request says there counts for nothing. */
  readonly readOnly: boolean;
  /** Given and never shown. */
  readonly writeOnly: boolean;
  /** Stays what it was when the thing was made. */
  readonly immutable: boolean;
}

const read = optionReader((field: DescField): FieldBehaviour => {
  const given = getOption(field, field_behavior);
  return {
    readOnly: given.includes(FieldBehavior.OUTPUT_ONLY),
    writeOnly: given.includes(FieldBehavior.INPUT_ONLY),
    immutable: given.includes(FieldBehavior.IMMUTABLE) || given.includes(FieldBehavior.IDENTIFIER),
  };
});

export const fieldBehaviour = (field: DescField): FieldBehaviour => read(field) ?? NOTHING;

const NOTHING: FieldBehaviour = { readOnly: false, writeOnly: false, immutable: false };
