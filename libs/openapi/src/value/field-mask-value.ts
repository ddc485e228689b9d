import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import type { FieldRules } from '@trellis/contracts/buf/validate';
import type { Value } from './value.js';

/** Names of fields. proto3 JSON writes them as JSON names them, with commas between. */
export function fieldMaskValue(rules: FieldRules | undefined): Value {
  const given = rules?.type.case === 'fieldMask' ? rules.type.value : undefined;
  const text = (paths: readonly string[]): string => paths.map(protoCamelCase).join(',');
  const only = given?.const ?? undefined;
  const notes = [
    ...(given && given.in.length > 0
      ? [`Of ${given.in.map((path) => `\`${protoCamelCase(path)}\``).join(', ')}.`]
      : []),
    ...(given && given.notIn.length > 0
      ? [`None of ${given.notIn.map((path) => `\`${protoCamelCase(path)}\``).join(', ')}.`]
      : []),
  ];
  const example = given?.example[0]?.paths ?? only?.paths ?? given?.in.slice(0, 1);
  return {
    schema: only
      ? { type: 'string', enum: [text(only.paths)] }
      : { type: 'string', description: 'Names of fields, with commas between: `title,displayName`.' },
    notes,
    zeroFits: true,
    example: example && example.length > 0 ? text(example) : undefined,
  };
}
