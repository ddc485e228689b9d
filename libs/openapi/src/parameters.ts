import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { commentOf } from '@trellis/contracts';
import type { Binding } from '@trellis/transcoding';
import type { Parameter, Schema } from './document.js';
import { propertySchema } from './message-schema.js';
import { fieldBehaviour } from './field-behaviour.js';
import type { PathSlot } from './path.js';
import { fieldValue } from './value/field-value.js';
import { type Refer, isPlain } from './value/single-value.js';
import { code, paragraphs } from './words.js';

/** Messages within messages that a query is described for; deeper fields are taken, but nobody writes them. */
const DEPTH = 4;
/** Parameters that one operation is described with. */
const MOST = 100;

/** Well-known types that are text in a query as well. */
const TEXT = new Set(['google.protobuf.Timestamp', 'google.protobuf.Duration', 'google.protobuf.FieldMask']);

/** A segment of the path. `name` is the one that all operations of the path have for it. */
export function pathParameter({ variable, kind }: PathSlot, name: string, refer: Refer): Parameter {
  const field = variable?.fields.at(-1);
  const common = { name, in: 'path' as const, required: true as const };
  if (!variable || !field) {
    const schema: Schema = kind === 'rest' ? { type: 'string' } : { type: 'string', minLength: 1 };
    return { ...common, schema, example: 'any' };
  }
  if (kind === 'whole') {
    const { schema, description } = described(field, refer);
    const filled =
      schema.type === 'string' && !schema.enum ? { ...schema, minLength: Math.max(1, schema.minLength ?? 0) } : schema;
    const { example } = fieldValue(field, refer);
    return {
      ...common,
      // What is said of a field that the service sets is not meant for who names the thing in a path.
      ...(description && !fieldBehaviour(field).readOnly && { description }),
      schema: filled,
      ...(example !== undefined && example !== '' && { example }),
    };
  }
  const about = `Part of ${code(variable.field)}.`;
  if (kind === 'part') {
    return {
      ...common,
      description: paragraphs(commentOf(field), about),
      schema: { type: 'string', minLength: 1 },
      example: 'example',
    };
  }
  const isWhole = variable.fields.length > 0 && variable.field === name;
  return {
    ...common,
    description: paragraphs(
      commentOf(field),
      isWhole ? undefined : about,
      'Any number of segments: its slashes stand as they are.',
    ),
    schema: { type: 'string' },
    example: 'a/b',
  };
}

/** What the query may hold: every field that neither the path nor the body gives, those of messages within as `a.b`. */
export function queryParameters(binding: Binding, refer: Refer): Parameter[] {
  const { method, body, pathParameters, queryParameters: named } = binding;
  if (body?.kind === 'whole') return [];
  const given = new Set([
    ...pathParameters.map(({ fields }) => keysOf(fields)),
    ...named.map(({ fields }) => keysOf(fields)),
    ...(body ? [body.field.jsonName] : []),
  ]);
  const own = new Set(named.map(({ name }) => name));
  const all = [...named];
  for (const fields of fieldsWithin(method.input, [], given)) {
    if (all.length >= MOST) break;
    if (!own.has(keysOf(fields))) all.push({ name: keysOf(fields), fields });
  }
  return all.map(({ name, fields }) => queryParameter(name, fields, binding, refer));
}

function queryParameter(name: string, fields: readonly DescField[], binding: Binding, refer: Refer): Parameter {
  const field = fields.at(-1) as DescField;
  const { schema, description } = described(field, refer);
  const required = fields.every((each) => fieldValue(each, refer).required);
  const example = required ? fieldValue(field, refer).example : undefined;
  const about = paragraphs(description, isFilledMask(binding, field) ? FILLED_MASK : undefined);
  return {
    name,
    in: 'query',
    ...(required && { required }),
    ...(field.deprecated && { deprecated: true as const }),
    ...(about !== '' && { description: about }),
    schema,
    ...(example !== undefined && { example: field.fieldKind === 'list' ? [example] : example }),
  };
}

/** The description stands with the parameter. */
function described(field: DescField, refer: Refer): { schema: Schema; description: string | undefined } {
  const { description, deprecated: _, readOnly: __, writeOnly: ___, ...schema } = propertySchema(field, refer);
  return { schema, description };
}

/** The fields that a query can give. One by one, for a message of messages may have more than anybody counts. */
function* fieldsWithin(
  message: DescMessage,
  above: readonly DescField[],
  given: ReadonlySet<string>,
): Iterable<readonly DescField[]> {
  for (const field of message.fields) {
    const fields = [...above, field];
    if (given.has(keysOf(fields))) continue;
    if (isText(field)) yield fields;
    else if (field.fieldKind === 'message' && isPlain(field.message) && fields.length < DEPTH) {
      if (!fields.some(({ parent }) => parent === field.message)) yield* fieldsWithin(field.message, fields, given);
    }
  }
}

const isText = ({ fieldKind, message }: DescField): boolean =>
  fieldKind !== 'map' && (message === undefined || TEXT.has(message.typeName) || isWrapper(message));

const isWrapper = (message: DescMessage): boolean =>
  !isPlain(message) && message.fields.length === 1 && message.fields[0]?.name === 'value';

const keysOf = (fields: readonly DescField[]): string => fields.map(({ jsonName }) => jsonName).join('.');

const FILLED_MASK = 'When it is not given: the fields that the body holds.';

/** The mask of a PATCH that the gateway fills from the body: the only one, beside a body that is one message. */
function isFilledMask({ method, httpMethod, body }: Binding, field: DescField): boolean {
  const isMask = ({ fieldKind, message }: DescField): boolean =>
    fieldKind === 'message' && message?.typeName === 'google.protobuf.FieldMask';
  const masks = method.input.fields.filter(isMask);
  return (
    httpMethod === 'PATCH' &&
    body?.kind === 'field' &&
    body.field.fieldKind === 'message' &&
    masks.length === 1 &&
    masks[0] === field
  );
}
