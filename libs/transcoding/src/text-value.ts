import { type DescField, type DescMessage, type JsonValue, ScalarType } from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { FIELD_MASK } from './message-field.js';

const TEXT_MESSAGES = new Set(['google.protobuf.Timestamp', 'google.protobuf.Duration', FIELD_MASK]);

/** Whether the field (or each element of a list) can be given as text, as path and query parameters are. */
export function acceptsText(field: DescField): boolean {
  return field.fieldKind !== 'map' && (field.message === undefined || isText(field.message));
}

const isText = (message: DescMessage): boolean => TEXT_MESSAGES.has(message.typeName) || isWrapperDesc(message);

/**
 * The JSON of a field's value (or of one list element) that a path or query parameter gives. proto3 JSON takes numbers
 * and well-known types as text already. Text that does not fit stays text, so that reading the JSON refuses it.
 */
export function textToJson(field: DescField, text: string): JsonValue {
  if (field.enum) return /^-?\d+$/.test(text) ? Number(text) : text;
  if (field.message?.typeName === FIELD_MASK) return protoCamelCase(text);
  if (scalarOf(field) === ScalarType.BOOL && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** The scalar that the field's JSON is: its own, or the one that its wrapper holds. */
function scalarOf(field: DescField): ScalarType | undefined {
  return field.message && isWrapperDesc(field.message) ? field.message.fields[0].scalar : field.scalar;
}
