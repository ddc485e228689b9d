import { describe, expect, it } from '@jest/globals';
import { fromJson, toBinary } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import fc from 'fast-check';
import { apiRoutes, documentOf, everyKind, onlyOperation, ours, titleOf } from './api-routes.fixture.js';
import type { MediaType, OpenApiDocument, Response } from './document.js';
import { randomMessage } from './random-message.fixture.js';
import { checker } from './schemas.fixture.js';

const validator = createValidator();

function jsonAnswer(document: OpenApiDocument): MediaType | undefined {
  const answer = onlyOperation(document).operation.responses['200'] as Response;
  return answer.content?.['application/json'];
}

const all = [ours(), everyKind()].flatMap((registry) =>
  apiRoutes(registry).flatMap((route) => {
    const document = documentOf([route]);
    const media = jsonAnswer(document);
    return media ? [{ title: titleOf(route), route, document, media, registry }] : [];
  }),
);
/** One of those that answer the same. */
const cases = [
  ...new Map(
    all.map((each) => {
      const { method, responseField } = each.route.binding;
      return [`${method.output.typeName} ${responseField?.name ?? ''}`, each];
    }),
  ).values(),
];
/** A random message follows no rules to speak of: `rules-laws.spec.ts` is about those that have some. */
const RULED = ['test.Ruled', 'test.Loose'];

describe('the answer of', () => {
  it.each(cases.filter(({ route }) => !RULED.includes(route.binding.method.output.typeName)))(
    '$title is described as it is written, for any valid message',
    ({ route, document, media }) => {
      const { output } = route.binding.method;
      const check = checker(document);
      let valid = 0;
      fc.assert(
        fc.property(randomMessage(output), (message) => {
          if (validator.validate(output, message).kind !== 'valid') return;
          valid += 1;
          const { body } = route.serve.encode(toBinary(output, message));
          expect([check(media.schema, JSON.parse(String(body))), body]).toEqual([undefined, body]);
        }),
        { numRuns: 150 },
      );
      expect(valid).toBeGreaterThan(0);
    },
  );

  it.each(cases)(
    '$title has an example that its schema and the contract allow',
    ({ route, document, media, registry }) => {
      const { binding } = route;
      expect(media.example).toBeDefined();
      expect(checker(document)(media.schema, media.example)).toBeUndefined();
      const { output } = binding.method;
      const whole = binding.responseField ? { [binding.responseField.jsonName]: media.example } : media.example;
      const read = fromJson(output, whole as never, { registry });
      const { responseField } = binding;
      if (!responseField || responseField.name === 'book') expect(validator.validate(output, read).kind).toBe('valid');
    },
  );
});
