import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePathTemplate } from './path-template.js';
import type { Routable } from './routable.js';
import { createRouter } from './router.js';

/** What the generated templates are made of: each inner list is a variable, or plain text when it stands alone. */
interface Shape {
  readonly httpMethod: string;
  readonly parts: readonly { readonly steps: readonly string[]; readonly variable: boolean }[];
  readonly verb: string;
  readonly host: string | undefined;
}

interface Asked {
  readonly host: string;
}

interface Route extends Routable<Asked> {
  readonly shape: Shape;
}

function routeOf(shape: Shape): Route {
  const parts = shape.parts.map(({ steps, variable }, index) =>
    variable ? `{v${index}=${steps.join('/')}}` : steps.join('/'),
  );
  const { host, httpMethod, verb } = shape;
  return {
    shape,
    httpMethod,
    template: parsePathTemplate(`/${parts.join('/')}${verb && `:${verb}`}`),
    ...(host !== undefined && { accepts: (request: Asked) => request.host === host }),
  };
}

/** The straightforward reading: try every route, and sort those that match. */
function naively(routes: readonly Route[], httpMethod: string, path: string, host: string) {
  const colon = path.lastIndexOf(':');
  const hasVerb = colon > 0 && !path.slice(colon).includes('/');
  const verb = hasVerb ? decode(path.slice(colon + 1)) : undefined;
  const methods = [httpMethod, ...(httpMethod === 'HEAD' ? ['GET'] : []), '*'];
  const matching = routes.flatMap((route, index) => {
    const { shape } = route;
    if (shape.verb !== '' && shape.verb !== verb) return [];
    const text = shape.verb === '' ? path : path.slice(0, colon);
    const captures = match(shape, text === '/' || text === '' ? [] : text.slice(1).split('/'));
    if (!captures || !methods.includes(route.httpMethod)) return [];
    if (shape.host !== undefined && shape.host !== host) return [];
    const kinds = shape.parts.flatMap(({ steps }) => steps).map((step) => (step === '**' ? 3 : step === '*' ? 2 : 1));
    const rank = [
      shape.verb === '' ? 1 : 0,
      kinds.join(''),
      methods.indexOf(route.httpMethod),
      shape.host === undefined ? 1 : 0,
      index,
    ];
    return [{ route, captures, rank }];
  });
  return matching.sort((a, b) => compare(a.rank, b.rank))[0];
}

/** What the variables capture when the segments match. */
function match({ parts }: Shape, segments: readonly string[]): string[] | undefined {
  const captures: string[] = [];
  let at = 0;
  for (const { steps, variable } of parts) {
    const from = at;
    for (const step of steps) {
      const segment = segments[at];
      if (step === '**') at = segments.length;
      else if (segment === undefined || (step === '*' ? segment === '' : decode(segment) !== step)) return undefined;
      else at += 1;
    }
    if (variable) captures.push(segments.slice(from, at).join('/'));
  }
  return at === segments.length ? captures : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}

const isPlain = ({ host }: Shape): boolean => host === undefined;

const step = fc.constantFrom('a', 'b', 'c', '*', '*');
const part = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 2 }),
  variable: fc.boolean(),
});
const shape = fc
  .record({
    httpMethod: fc.constantFrom('GET', 'GET', 'PUT', 'HEAD', '*'),
    parts: fc.array(part, { minLength: 1, maxLength: 3 }),
    rest: fc.constantFrom(undefined, undefined, { steps: ['**'], variable: true }, { steps: ['**'], variable: false }),
    verb: fc.constantFrom('', '', 'x', 'y'),
    host: fc.constantFrom(undefined, undefined, 'one', 'two'),
  })
  .map(({ rest, ...each }): Shape => ({ ...each, parts: rest ? [...each.parts, rest] : each.parts }));

const key = ({ httpMethod, parts, verb }: Shape): string =>
  [httpMethod, ...parts.flatMap(({ steps }) => steps), verb].join(' ');

/** A few templates, each with several methods and conditions; without two that answer the same requests. */
const routes = fc
  .tuple(
    fc.array(shape, { minLength: 1, maxLength: 5 }),
    fc.array(fc.tuple(fc.nat(4), shape), { minLength: 1, maxLength: 14 }),
  )
  .map(([templates, choices]) =>
    choices.map(([choice, { httpMethod, host }]): Shape => {
      const { parts, verb } = templates[choice % templates.length] ?? { parts: [], verb: '' };
      return { httpMethod, parts, verb, host };
    }),
  )
  .map((shapes) => {
    const plain = shapes.filter(isPlain);
    return shapes.filter((each) => !isPlain(each) || plain.find((other) => key(other) === key(each)) === each);
  })
  .map((shapes) => shapes.map(routeOf));
const segment = fc.constantFrom('a', 'b', 'c', 'd', '%61', 'a%2Fb', '%', '', 'a:x', 'b:y', 'a:z', 'b:%78', 'a:x:y');
const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`);
const httpMethod = fc.constantFrom('GET', 'PUT', 'HEAD', 'POST');
const host = fc.constantFrom('one', 'two', 'three');

describe('any set of routes', () => {
  it('matches as the straightforward reading says', () => {
    const METHODS = ['GET', 'HEAD', 'PUT'];
    fc.assert(
      fc.property(routes, httpMethod, path, host, (all, method, text, name) => {
        const found = createRouter(all).match(method, text, { host: name });
        const expected = naively(all, method, text, name);
        if (found.kind === 'found') {
          expect(found.route.shape).toBe(expected?.route.shape);
          expect(found.captures).toEqual(expected?.captures);
          return;
        }
        expect(expected).toBeUndefined();
        const known = new Set(all.map((each) => each.httpMethod));
        const allowed = METHODS.filter((each) => known.has(each) || (each === 'HEAD' && known.has('GET'))).filter(
          (each) => naively(all, each, text, name),
        );
        expect(found).toEqual(allowed.length > 0 ? { kind: 'method', allowed } : { kind: 'none' });
      }),
      { numRuns: 5_000 },
    );
  });

  it('finds a path that its variables were put into, and gives them back', () => {
    const value = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(shape, fc.array(value, { minLength: 8, maxLength: 8 }), ({ parts, ...each }, values) => {
        const texts = [...values];
        const filled = parts.map(({ steps }) =>
          steps.flatMap((one) =>
            one === '*' ? [encodeURIComponent(texts.pop() ?? '')] : one === '**' ? ['r', 's'] : [one],
          ),
        );
        const template = { ...each, parts, httpMethod: 'GET', host: undefined };
        const target = `/${filled.flat().join('/')}${each.verb && `:${each.verb}`}`;
        const found = createRouter([routeOf(template)]).match('GET', target);
        const expected = filled.filter((_, index) => parts[index]?.variable).map((steps) => steps.join('/'));
        expect(found).toMatchObject({ kind: 'found', captures: expected });
      }),
      { numRuns: 1_000 },
    );
  });

  it('bounds the work for hostile paths by the table', () => {
    const router = createRouter(
      ['/a/{x=**}', '/{p}/{q}/{r}:x', '/b/*/c/*/d'].map((text) => ({
        httpMethod: 'GET',
        template: parsePathTemplate(text),
      })),
    );
    const kindOf = (text: string) => router.match('GET', text).kind;
    const long = 200_000;
    expect(kindOf(`/a${'/'.repeat(long)}`)).toBe('found');
    expect(kindOf(`/b${'/b'.repeat(long)}`)).toBe('none');
    expect(kindOf(`/z/${'%61'.repeat(long)}`)).toBe('none');
    expect(kindOf(`/z/y/${':x'.repeat(long)}`)).toBe('found');
    expect(kindOf(`/z/y/${':'.repeat(long)}`)).toBe('none');
  });
});
