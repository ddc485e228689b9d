import { type DescField, ScalarType } from '@bufbuild/protobuf';

/** Whether the message travels as JSON too: a REST client breaks where a gRPC client does not. */
export type Encoding = 'binary' | 'json';

const { INT32, INT64, UINT32, UINT64, SINT32, SINT64, FIXED32, FIXED64, SFIXED32, SFIXED64, BOOL, STRING, BYTES } =
  ScalarType;

/**
 * Scalars that read one another's bytes; any other changes its meaning. https://protobuf.dev/programming-guides/proto3/#updating,
 * as buf's rules FIELD_WIRE_COMPATIBLE_TYPE and FIELD_WIRE_JSON_COMPATIBLE_TYPE read it. In JSON, 64 bits are a text.
 */
const ALIKE: Readonly<Record<Encoding, readonly (readonly ScalarType[])[]>> = {
  binary: [
    [INT32, INT64, UINT32, UINT64, BOOL],
    [SINT32, SINT64],
    [FIXED32, SFIXED32],
    [FIXED64, SFIXED64],
  ],
  json: [
    [INT32, UINT32],
    [INT64, UINT64],
    [FIXED32, SFIXED32],
    [FIXED64, SFIXED64],
  ],
};

/** What readers of the live field would misread in the next one of its number, each worded to follow its name. */
export function fieldChanges(live: DescField, next: DescField, encoding: Encoding): string[] {
  const changes: string[] = [];
  if (shape(live) !== shape(next)) changes.push(`would change from ${shape(live)} to ${shape(next)}`);
  else if (!typesAlike(live, next, encoding)) changes.push(`would change its type from ${type(live)} to ${type(next)}`);
  if (live.oneof?.name !== next.oneof?.name) changes.push(`would ${oneofMove(live, next)}`);
  if (encoding === 'json' && live.jsonName !== next.jsonName) {
    changes.push(`would be called ${next.jsonName} in JSON`);
  }
  return changes;
}

/** The scalar, or the name of the message or enum, of the field or of each of its elements. */
function type(field: DescField): string {
  const named = field.message?.typeName ?? field.enum?.typeName;
  const element = named ?? ScalarType[field.scalar ?? 0]?.toLowerCase() ?? 'unknown';
  return field.fieldKind === 'map' ? `map<${ScalarType[field.mapKey]?.toLowerCase() ?? ''}, ${element}>` : element;
}

function shape(field: DescField): string {
  const grouped = 'delimitedEncoding' in field && field.delimitedEncoding ? ' group' : '';
  return `${field.fieldKind === 'list' ? 'a list' : field.fieldKind === 'map' ? 'a map' : 'a single value'}${grouped}`;
}

function typesAlike(live: DescField, next: DescField, encoding: Encoding): boolean {
  if (live.fieldKind === 'map' && next.fieldKind === 'map' && !alike(live.mapKey, next.mapKey, encoding)) return false;
  if (live.scalar !== undefined && next.scalar !== undefined) return alike(live.scalar, next.scalar, encoding);
  return type(live) === type(next);
}

function alike(live: ScalarType, next: ScalarType, encoding: Encoding): boolean {
  if (live === next) return true;
  // Every text is bytes, but not all bytes are text; in JSON bytes are base64.
  if (encoding === 'binary' && live === STRING && next === BYTES) return true;
  return ALIKE[encoding].some((group) => group.includes(live) && group.includes(next));
}

function oneofMove(live: DescField, next: DescField): string {
  if (!live.oneof) return `move into the oneof ${next.oneof?.name}`;
  return next.oneof ? `move to the oneof ${next.oneof.name}` : `move out of the oneof ${live.oneof.name}`;
}
