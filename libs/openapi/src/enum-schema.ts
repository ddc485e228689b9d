import type { DescEnum } from '@bufbuild/protobuf';
import { commentOf } from '@trellis/contracts';
import type { Schema } from './document.js';

/** An enum, which JSON writes by name. What each means is told in the description, where OpenAPI has room for it. */
export function enumSchema(desc: DescEnum): Schema {
  const meanings = desc.values.flatMap((value) => {
    const comment = commentOf(value);
    return comment === '' ? [] : [`- \`${value.name}\`: ${comment}`];
  });
  const description = [commentOf(desc), meanings.join('\n')].filter((part) => part !== '').join('\n\n');
  return {
    type: 'string',
    enum: desc.values.map(({ name }) => name),
    ...(description !== '' && { description }),
    ...(desc.deprecated && { deprecated: true as const }),
  };
}
