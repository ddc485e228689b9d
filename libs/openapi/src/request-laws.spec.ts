import { describe, expect, it } from '@jest/globals';
import { type DescMessage, fromBinary } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { InvalidRequest, createRouter } from '@trellis/transcoding';
import fc from 'fast-check';
import {
  type ServedRoute,
  apiRoutes,
  documentOf,
  everyKind,
  onlyOperation,
  ours,
  titleOf,
} from './api-routes.fixture.js';
import type { OpenApiDocument, Parameter, RequestBody } from './document.js';
import { checker } from './schemas.fixture.js';

const validator = createValidator();
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const cases = [ours(), everyKind()].flatMap((registry) =>
  apiRoutes(registry).map((route) => {
    const document = documentOf([route]);
    return { title: titleOf(route), route, document, ...onlyOperation(document) };
  }),
);

interface Sent {
  readonly target: string;
  readonly query: string;
  readonly body: Uint8Array | undefined;
}

/** The request that a reader of the document would try first. */
function firstTry(path: string, parameters: readonly Parameter[] = [], requestBody: RequestBody | undefined): Sent {
  const given = parameters.filter(({ example }) => example !== undefined);
  const target = given.reduce(
    (url, { name, example }) => url.replace(`{${name}}`, encodeURIComponent(String(example))),
    path,
  );
  const query = given
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name, example }) => [example].flat().map((each) => `${name}=${encodeURIComponent(String(each))}`));
  const content = requestBody?.content['application/json'];
  return { target, query: query.join('&'), body: content && json(content.example) };
}

describe('what the document shows of', () => {
  it.each(cases)(
    '$title leads to it, with a request that its contract allows',
    ({ route, path, operation, document }) => {
      const { parameters, requestBody } = operation;
      const check = checker(document);
      for (const { schema, example } of parameters ?? []) {
        if (example !== undefined)
          expect([check(schema, numeric(schema.type, example)), example]).toEqual([undefined, example]);
      }
      const content = requestBody?.content['application/json'];
      if (content)
        expect([check(content.schema, content.example), content.example]).toEqual([undefined, content.example]);

      const { target, query, body } = firstTry(path, parameters, requestBody);
      const router = createRouter([route.serve]);
      const match = router.match(route.binding.httpMethod, target);
      if (match.kind !== 'found') throw new Error(`no route for ${target}`);
      const { input } = route.binding.method;
      const message = fromBinary(input, match.route.decode({ captures: match.captures, query, body }));
      const { kind, violations } = validator.validate(input, message);
      expect([kind, violations, message]).toEqual(['valid', undefined, message]);
    },
  );
});

/** A parameter's text is read as its type. */
const numeric = (type: string | undefined, example: unknown): unknown =>
  type === 'integer' || type === 'number' ? Number(example) : example;

describe('the query parameters of', () => {
  const reading = cases.filter(({ route }) => route.binding.body?.kind !== 'whole' && route.serve.bodyForm !== 'raw');

  it.each(reading)('$title are those that it takes', ({ route, operation }) => {
    const documented = new Set(operation.parameters?.flatMap((each) => (each.in === 'query' ? [each.name] : [])));
    for (const name of fieldPaths(route.binding.method.input, [], 3)) {
      expect([name, documented.has(name)]).toEqual([name, takes(route, name)]);
    }
  });
});

/** Every path of fields of so many steps at most, whatever they hold. */
function fieldPaths(message: DescMessage, above: readonly DescMessage[], steps: number): string[] {
  return message.fields.flatMap((field) => {
    const within =
      field.message && steps > 1 && ![...above, message].includes(field.message)
        ? fieldPaths(field.message, [...above, message], steps - 1)
        : [];
    return [field.jsonName, ...within.map((path) => `${field.jsonName}.${path}`)];
  });
}

const REFUSALS = [
  'is not a known query parameter',
  'comes from the path or the body, not from the query',
  'cannot be given in the query',
];

function takes(route: ServedRoute, parameter: string): boolean {
  try {
    const captures = route.binding.pathParameters.map(() => '1');
    route.serve.decode({ captures, query: `${parameter}=`, body: undefined });
    return true;
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    return !error.errors.some((each) => each.parameter === parameter && REFUSALS.includes(each.detail));
  }
}

describe('a body that the schema allows', () => {
  const taking = cases.flatMap((each) => {
    const content = each.operation.requestBody?.content['application/json'];
    return content ? [{ ...each, content }] : [];
  });

  it.each(taking)('is read by $title', ({ route, document, content }) => {
    const check = checker(document);
    const captures = route.binding.pathParameters.map(() => '1');
    let allowed = 0;
    fc.assert(
      fc.property(fc.nat(), strange, (choice, value) => {
        const places = placesIn(content.example, []);
        const place = places[choice % Math.max(1, places.length)] ?? [];
        const body = place.length === 0 ? value : changed(content.example, place, value);
        if (check(content.schema, body) !== undefined) return;
        allowed += 1;
        expect([refusalOf(() => route.serve.decode({ captures, query: '', body: json(body) })), body]).toEqual([
          undefined,
          body,
        ]);
      }),
      { numRuns: 300 },
    );
    expect(allowed).toBeGreaterThan(0);
  });
});

/** What JSON Schema cannot say, or what is not said so that newer versions may have more. */
const UNSAID = [
  'must be a text in base64',
  'must be an object whose "@type" names a known message',
  'is not a known field',
];

/** Why the request is refused, but for what no schema says. */
function refusalOf(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidRequest)) return error;
    const said = error.errors.filter(({ detail }) => !UNSAID.includes(detail));
    return said.length > 0 ? said : undefined;
  }
}

/** JSON of every type. */
const strange = fc.oneof(
  fc.constantFrom('', 'AAAA', '1', '-1', 'true', 'CRIME', '2026-01-31T12:00:00Z', '1s'),
  fc.constantFrom(0, 1, -1, 1.5, 5_000, true, false, [], {}, [1], ['AAAA'], { AAAA: 'AAAA' }),
);

/** Every place in the JSON, at any depth. */
function placesIn(value: unknown, path: readonly (string | number)[]): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, each]) => [[...path, key], ...placesIn(each, [...path, key])]);
}

function changed(value: unknown, [key = '', ...rest]: readonly (string | number)[], to: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = rest.length > 0 ? changed(copy[key], rest, to) : to;
  return copy;
}

/** What is said of one route is said of it among others. */
describe('a document of all routes', () => {
  const routes = [ours(), everyKind()].flatMap((registry) => apiRoutes(registry));

  it('is the same in whatever order they come', () => {
    const document = JSON.stringify(documentOf(routes));
    fc.assert(
      fc.property(fc.shuffledSubarray(routes, { minLength: routes.length }), (shuffled) => {
        expect(JSON.stringify(documentOf(shuffled)) === document).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('has an operation for each, with a name of its own', () => {
    const document: OpenApiDocument = documentOf(routes);
    const operations = Object.values(document.paths).flatMap(({ 'x-additional-operations': others = {}, ...own }) => [
      ...Object.values(own),
      ...Object.values(others),
    ]);
    const ids = operations.map(({ operationId }) => operationId);
    expect([ids.length, new Set(ids).size]).toEqual([routes.length, routes.length]);
  });

  it('has a parameter for each variable part of a path, and no other', () => {
    for (const [path, item] of Object.entries(documentOf(routes).paths)) {
      const { 'x-additional-operations': others = {}, ...own } = item;
      const parts = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of [...Object.values(own), ...Object.values(others)]) {
        const named = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
        expect([path, named]).toEqual([path, parts]);
      }
    }
  });
});
