import type { DescField, DescMessage, DescOneof } from '@bufbuild/protobuf';
import { commentOf } from '@trellis/contracts';
import type { Schema } from './document.js';
import { fieldBehaviour } from './field-behaviour.js';
import { celNotes, isOneofRequired, rulesOfMessage } from './value/field-rules.js';
import { fieldValue } from './value/field-value.js';
import { type Refer, isPlain } from './value/single-value.js';

/** Names of fields in JSON that are left out of a message: `id`, or `post.id` for one within. */
export type Without = ReadonlySet<string>;

const NOTHING: Without = new Set();

/** A message that JSON writes as an object of its fields. Unknown keys are not forbidden: a newer version may have more. */
export function messageSchema(desc: DescMessage, refer: Refer, without: Without = NOTHING): Schema {
  const fields = desc.fields.filter(({ jsonName }) => !without.has(jsonName));
  const properties = fields.map(
    (field) => [field.jsonName, propertySchema(field, refer, within(without, field))] as const,
  );
  const required = fields.filter((field) => fieldValue(field, refer).required).map(({ jsonName }) => jsonName);
  const exclusive = desc.oneofs.flatMap((oneof) => choiceOf(oneof, fields));
  const description = [commentOf(desc), ...notesOf(desc)].filter((part) => part !== '').join(' ');
  return {
    type: 'object',
    ...(description !== '' && { description }),
    ...(desc.deprecated && { deprecated: true as const }),
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...(exclusive.length > 0 && { allOf: exclusive }),
  };
}

/** One field's schema, with what its author wrote and what its rules add to it in words. */
export function propertySchema(field: DescField, refer: Refer, without: Without = NOTHING): Schema {
  const { schema: whole, notes } = fieldValue(field, refer);
  const isPartial = without.size > 0 && field.fieldKind === 'message' && isPlain(field.message);
  const schema = isPartial ? messageSchema(field.message, refer, without) : whole;
  const description = [commentOf(field) || schema.description, ...notes].filter((part) => part).join(' ');
  const { readOnly, writeOnly, immutable } = fieldBehaviour(field);
  const isSecret = field.proto.options?.debugRedact === true;
  const about = `${description}${immutable ? `${description === '' ? '' : ' '}Cannot be changed later.` : ''}`;
  return {
    ...schema,
    ...(about !== '' && { description: about }),
    ...(isSecret && schema.type === 'string' && { format: 'password' }),
    ...(field.deprecated && { deprecated: true as const }),
    ...(readOnly && { readOnly: true as const }),
    ...(writeOnly && { writeOnly: true as const }),
  };
}

/** What is left out within a field. */
const within = (without: Without, { jsonName }: DescField): Without =>
  new Set([...without].flatMap((path) => (path.startsWith(`${jsonName}.`) ? [path.slice(jsonName.length + 1)] : [])));

/** At most one field of a oneof is there, or exactly one when the contract says so. */
function choiceOf(oneof: DescOneof, fields: readonly DescField[]): Schema[] {
  const each = oneof.fields.filter((field) => fields.includes(field)).map(({ jsonName }) => ({ required: [jsonName] }));
  if (each.length === 0 || each.length < oneof.fields.length) return [];
  return isOneofRequired(oneof)
    ? [{ oneOf: each }]
    : each.length === 1
      ? []
      : [{ oneOf: [...each, { not: { anyOf: each } }] }];
}

function notesOf(desc: DescMessage): string[] {
  const rules = rulesOfMessage(desc);
  if (!rules) return [];
  const groups = rules.oneof.map(({ fields, required }) => {
    const names = fields.map((name) => `\`${desc.fields.find((field) => field.name === name)?.jsonName ?? name}\``);
    return `${required ? 'Exactly' : 'At most'} one of ${names.join(', ')}.`;
  });
  return [...groups, ...celNotes(rules)];
}
