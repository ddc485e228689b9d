import { describe, expect, it } from '@jest/globals';
import { type DescMessage, type JsonValue, type Message, clone, fromJson, toJson } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import fc from 'fast-check';
import { apiRoutes, documentOf, everyKind } from './api-routes.fixture.js';
import { exampleOf } from './example.js';
import { setter } from './random-message.fixture.js';
import { checker } from './schemas.fixture.js';

const registry = everyKind();
const document = documentOf(apiRoutes(registry));
const check = checker(document);
const validator = createValidator();

/** An example, which all rules allow, with one or two of its fields set to something else, perhaps to nothing. */
function nearlyValid(desc: DescMessage): fc.Arbitrary<Message> {
  const json = exampleOf(desc, 'create', () => ({}));
  if (!json) throw new Error('no example');
  const example = fromJson(desc, json, { registry });
  const change = fc
    .constantFrom(...desc.fields)
    .chain((field) =>
      fc.oneof(
        { weight: 1, arbitrary: fc.constant((message: ReturnType<typeof reflect>) => message.clear(field)) },
        { weight: 4, arbitrary: setter(field, 1) },
      ),
    );
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => {
    const message = reflect(desc, clone(desc, example));
    for (const apply of changes) apply(message);
    return message.message;
  });
}

/** As answers are written, and as the author of a request would write the same. */
const texts = (desc: DescMessage, message: Message): JsonValue[] =>
  [true, false].map((alwaysEmitImplicit) => toJson(desc, message, { registry, alwaysEmitImplicit }));

/** The compiled schema of the message. */
function checkOf({ typeName }: DescMessage): (json: JsonValue) => string | undefined {
  const schema = { $ref: `#/components/schemas/${typeName}` };
  return (json) => check(schema, json);
}

function messageOf(name: string): DescMessage {
  const found = registry.getMessage(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

describe('the schema of a message with rules', () => {
  it('takes what the rules allow, and nothing else, where JSON Schema has words for them', () => {
    const desc = messageOf('test.Ruled');
    const problemIn = checkOf(desc);
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(nearlyValid(desc), (message) => {
        const verdict = validator.validate(desc, message).kind;
        seen[verdict === 'valid' ? 'valid' : 'invalid'] += 1;
        for (const json of texts(desc, message)) {
          const problem = problemIn(json);
          expect([problem === undefined, problem, json]).toEqual([verdict === 'valid', problem, json]);
        }
      }),
      { numRuns: 1_500 },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(300);
  });

  it('takes whatever the rules allow where it has not', () => {
    const desc = messageOf('test.Loose');
    const problemIn = checkOf(desc);
    let valid = 0;
    fc.assert(
      fc.property(nearlyValid(desc), (message) => {
        if (validator.validate(desc, message).kind !== 'valid') return;
        valid += 1;
        for (const json of texts(desc, message)) {
          expect([problemIn(json), json]).toEqual([undefined, json]);
        }
      }),
      { numRuns: 1_500 },
    );
    expect(valid).toBeGreaterThan(150);
  });
});
