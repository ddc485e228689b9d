import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@trellis/testing';
import { Codecs } from './codec/codecs.js';
import { RandomJson, mistaken } from './codec/random-json.fixture.js';
import { generalReading } from './general-reading.js';
import { InvalidRequest } from './invalid-request.js';
import { preparedReading } from './prepared-reading.js';
import type { RequestParts } from './request-parts.js';
import { type ShelfRule, shelfService } from './shelf-contract.fixture.js';

const get = (value: string) => ({ case: 'get', value }) as const;
const post = (value: string) => ({ case: 'post', value }) as const;
const patch = (value: string) => ({ case: 'patch', value }) as const;

/** Rules whose requests are mostly read by what is prepared for them. */
const PREPARED: readonly ShelfRule[] = [
  { pattern: get('/v1/{shelf}/books/{book.name}') },
  { pattern: get('/v1/books') },
  { pattern: get('/v1/{book.page_count}/{shelf=**}') },
  { pattern: post('/v1/{shelf}'), body: 'book' },
  { pattern: post('/v1/{shelf}/{book.name}/{book.genre}'), body: '*' },
  { pattern: post('/v1/{book.page_count}/{book.sequel.name}'), body: 'book' },
  { pattern: post('/v1/names'), body: 'names' },
  { pattern: post('/v1/{shelf}'), body: 'scan' },
  { pattern: patch('/v1/books/{book.name}'), body: 'book' },
  { pattern: get('/v1/{book.published}/{book.read_mask}') },
  // Only without a body: what the path gives would have to be merged with it, or be told from it for the mask.
  { pattern: patch('/v1/books/{book.sequel.name}'), body: 'book' },
  { pattern: post('/v1/{book.published}'), body: '*' },
];
/** One whose requests never are: of two fields of a oneof, the later one would count. */
const GENERAL: ShelfRule = { pattern: post('/v1/{book.copies}'), body: '*' };

const { routes, registry, request } = shelfService(...PREPARED, GENERAL);
const codecs = new Codecs(registry);
const readings = routes.map(({ binding }) => ({
  binding,
  prepared: preparedReading(binding, codecs),
  general: generalReading(binding, registry),
}));

const CAPTURES = [
  'a',
  '7',
  '-1',
  'a b',
  'x%2Fy',
  '%C3%A9',
  '%ff',
  '',
  '0',
  'CRIME',
  'é',
  '2026-01-31T12:00:00Z',
  'name',
];
const QUERIES = [
  ...['shelf=a', 'shelf=', 'shelf', 'names=a', 'names=b+c', 'names=%e4', 'update_mask=page_count', 'updateMask=name'],
  ...['book.name=x', 'book.page_count=7', 'book.pageCount=0', 'book.page_count=x', 'book.sold=9007199254740993'],
  ...[
    'book.rating=1.5',
    'book.rating=NaN',
    'book.in_print=true',
    'book.in_print=1',
    'book.cover=aGk%3D',
    'book.tags=a',
  ],
  ...['book.genre=CRIME', 'book.genre=2', 'book.genre=NONE', 'book.genres=2', 'book.genres=CRIME', 'book.subtitle='],
  ...['book.published=2026-01-31T12:00:00Z', 'book.loan=1.5s', 'book.read_mask=page_count', 'book.signed=false'],
  ...['book.sequel.name=x', 'book.sequel.sequel.page_count=3', 'book.copies=a', 'book.copy_count=1', 'book.ISBN=1'],
  ...['__proto__=1', 'nothing=1', 'book=1', 'scan.content_type=a', '=', '', 'boo%6b.name=x', 'book.extra=x'],
];

function randomParts(draw: RandomJson, reading: (typeof readings)[number]): RequestParts {
  const { body, pathParameters } = reading.binding;
  const few = (most: number): number => (draw.chance(0.5) ? 0 : draw.below(most + 1));
  const desc = body?.kind === 'field' && body.field.message ? body.field.message : request;
  const json = body?.kind === 'field' && body.field.fieldKind === 'list' ? '["a","b"]' : draw.message(desc);
  const text = draw.chance(0.1) ? '' : draw.chance(0.2) ? mistaken(json, draw) : json;
  return {
    captures: pathParameters.map(() => draw.pick(CAPTURES)),
    query: Array.from({ length: few(4) }, () => draw.pick(QUERIES)).join('&'),
    body: draw.chance(0.1) ? undefined : new TextEncoder().encode(text),
    contentType: draw.pick(['application/json', 'image/png', undefined]),
  };
}

const canonical = (bytes: Uint8Array): string =>
  Buffer.from(toBinary(request, fromBinary(request, bytes))).toString('hex');

describe('a prepared reading', () => {
  it('reads what the general one reads, to the same message', () => {
    const draw = new RandomJson(seededRandom(5));
    let both = 0;
    let one = 0;
    for (let run = 0; run < 6_000; run++) {
      const reading = readings[run % readings.length] as (typeof readings)[number];
      const parts = randomParts(draw, reading);
      const bytes = reading.prepared?.(parts);
      let expected: Uint8Array | undefined;
      try {
        expected = reading.general(parts);
      } catch (error) {
        if (!(error instanceof InvalidRequest)) throw error;
      }
      if (expected && bytes) both++;
      else if (expected) one++;
      if (bytes && (!expected || canonical(bytes) !== canonical(expected))) {
        const body = parts.body && new TextDecoder().decode(parts.body);
        throw new Error(`run ${run}: ${reading.binding.template.text} ${JSON.stringify({ ...parts, body })}`);
      }
    }
    expect(both).toBeGreaterThan(1_200);
    expect(one).toBeLessThan(both / 2);
  });

  it.each(PREPARED.slice(0, -3).map((rule, index) => [rule.pattern?.value, index] as const))(
    'takes an ordinary request to %s',
    (_, index) => {
      const { prepared, binding } = readings[index] as (typeof readings)[number];
      const captures = binding.pathParameters.map(({ fields }) => (fields.at(-1)?.scalar === 9 ? 'a' : '1'));
      const body = binding.body?.kind === 'field' && binding.body.field.fieldKind === 'list' ? '["a"]' : '{}';
      const query = binding.body ? '' : 'names=a&update_mask=name';
      expect(prepared?.({ captures, query, body: new TextEncoder().encode(body) })).toBeDefined();
    },
  );

  it('is there for no method whose parameters could contradict its body', () => {
    expect(readings.at(-1)?.prepared).toBeUndefined();
  });
});
