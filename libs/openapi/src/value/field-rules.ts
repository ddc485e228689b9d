import { type DescField, type DescMessage, type DescOneof, getOption } from '@bufbuild/protobuf';
import {
  type FieldRules,
  Ignore,
  type MessageRules,
  field as fieldRules,
  message as messageRules,
  oneof as oneofRules,
} from '@trellis/contracts/buf/validate';
import { optionReader } from '../option-reader.js';

const readField = optionReader((field: DescField) => getOption(field, fieldRules));
const readMessage = optionReader((message: DescMessage) => getOption(message, messageRules));
const readOneof = optionReader((oneof: DescOneof) => getOption(oneof, oneofRules));

/** The field's `buf.validate` rules; undefined when it has none, or none that hold. */
export function rulesOf(field: DescField): FieldRules | undefined {
  const rules = readField(field);
  return rules?.ignore === Ignore.ALWAYS ? undefined : rules;
}

/** Whether the rules of a field without presence hold only when it is not zero, empty or false. */
export function ignoresZero(field: DescField, rules: FieldRules | undefined): boolean {
  if (rules && Object.hasOwn(rules, 'ignore')) return rules.ignore === Ignore.IF_ZERO_VALUE;
  return rulesOfMessage(field.parent)?.oneof.some(({ fields }) => fields.includes(field.name)) === true;
}

/** Whether one of the fields of a oneof must be set. */
export const isOneofRequired = (oneof: DescOneof): boolean => readOneof(oneof)?.required === true;

export const rulesOfMessage: (message: DescMessage) => MessageRules | undefined = readMessage;

/** What rules in CEL say for people. */
export const celNotes = ({ cel, celExpression }: FieldRules | MessageRules): string[] => [
  ...cel.map(({ message, expression, id }) => sentence(message || expression || id)),
  ...celExpression.map(sentence),
];

const sentence = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);
