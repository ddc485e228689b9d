import type { DescEnum, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { type Encoding, fieldChanges } from './field-changes.js';

/** A sentence for each thing about the message that its users would misread. Fields are told by their number. */
export function messageChanges(live: DescMessage, next: DescMessage, encoding: Encoding): string[] {
  const byNumber = new Map(next.fields.map((field) => [field.number, field]));
  const reserved = { numbers: next.proto.reservedRange, names: new Set(next.proto.reservedName) };
  const isRequired = ({ presence }: { presence: FeatureSet_FieldPresence }): boolean =>
    presence === FeatureSet_FieldPresence.LEGACY_REQUIRED;

  const changed = live.fields.flatMap((field) => {
    const name = `${live.typeName}.${field.name}`;
    const after = byNumber.get(field.number);
    if (after) return fieldChanges(field, after, encoding).map((change) => `The field ${name} ${change}.`);
    // A message's reserved range ends before its end.
    const held = reserved.numbers.some(({ start, end }) => start <= field.number && field.number < end);
    if (!held) return [`The field ${name} would be gone without its number ${field.number} being reserved.`];
    if (encoding === 'binary' || reserved.names.has(field.name)) return [];
    return [`The field ${name} would be gone without its name being reserved.`];
  });
  const before = new Set(live.fields.filter(isRequired).map(({ number }) => number));
  const after = new Set(next.fields.filter(isRequired).map(({ number }) => number));
  const required = [...new Set([...before, ...after])]
    .filter((number) => before.has(number) !== after.has(number))
    .map((number) => `The field ${live.typeName}.${number} would be required on one side only.`);
  return [...changed, ...required];
}

export function enumChanges(live: DescEnum, next: DescEnum, encoding: Encoding): string[] {
  const names = Map.groupBy(next.values, ({ number }) => number);
  const reserved = new Set(next.proto.reservedName);
  return live.values.flatMap(({ name, number }) => {
    const after = names.get(number);
    // An enum's reserved range holds its end.
    const held = next.proto.reservedRange.some(({ start, end }) => start <= number && number <= end);
    if (!after) {
      if (!held)
        return [`The value ${live.typeName}.${name} would be gone without its number ${number} being reserved.`];
      return encoding === 'binary' || reserved.has(name)
        ? []
        : [`The value ${live.typeName}.${name} would be gone without its name being reserved.`];
    }
    if (encoding === 'binary' || after.some((value) => value.name === name)) return [];
    return [`The value ${live.typeName}.${name} would be called ${after[0]?.name ?? ''} in JSON.`];
  });
}
