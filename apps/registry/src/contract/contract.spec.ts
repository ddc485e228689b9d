import { create, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import fc from 'fast-check';
import { SHOP, type Sample, at, sampleContract, sampleSet } from './contract.fixture.js';
import { readContract, routeName } from './contract.js';
import { RESERVED } from './reserved-paths.js';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const named = (count: number) => Object.fromEntries(times(count, (index) => [`M${index}`, {}]));

describe('readContract', () => {
  it('finds the methods and routes of the services that are named', () => {
    const { methods, routes } = readContract(descriptorSet([BlogService]), [BlogService.typeName]);
    expect([...methods.keys()]).toContain('trellis.blog.v1.BlogService/GetPost');
    expect(routes.map(routeName)).toContain('GET /v1/posts/{id}');
  });

  it('finds nothing when none is named', () => {
    expect(readContract(sampleSet(), [])).toEqual({ methods: new Map(), routes: [] });
  });

  const route = (get: string): Sample => ({ methods: { Get: at(get) } });
  const rule = (pattern: object): Sample => ({ methods: { Get: { rules: [{ pattern } as never] } } });
  it.each<[string, Sample, string | RegExp]>([
    ['a path that is no template', route('/shop/{'), /Path template "\/shop\/{"/],
    ['a variable that the request lacks', route('/shop/{id}'), /Get: \/shop\/{id} names id/],
    [
      'a body that the request lacks',
      { methods: { Get: at('/shop', { body: 'nothing' }) } },
      /Get: body names nothing/,
    ],
    [
      'two methods with one route',
      { methods: { Get: at('/shop/{name}'), List: at('/shop/*') } },
      /answer the same requests/,
    ],
    ['a path without a first segment', route('/{name}'), /the route GET \/{name} would take the paths of others/],
    ['a path that takes all', route('/**'), /would take the paths of others/],
    ['dots', route('/shop/../oauth2'), /holds a segment that no client can ask for/],
    ['an encoded letter', route('/shop/%6f'), /holds a segment that no client can ask for/],
    ['a reserved path that is encoded', route('/%6fauth2'), /lies below \/oauth2, which is the platform's own/],
    [
      'OPTIONS',
      rule({ case: 'custom', value: { kind: 'OPTIONS', path: '/shop' } }),
      /a method that no service may have/,
    ],
    ['no HTTP method', rule({ case: 'custom', value: { kind: 'G T', path: '/shop' } }), /a method that no service may/],
    ['too many methods', { methods: named(257) }, /more than 256 methods/],
    [
      'too many routes',
      { methods: { Get: { rules: times(513, (i) => at(`/shop/${i}`).rules?.[0] ?? {}) } } },
      /512 routes/,
    ],
    ['a path that is too long', route(`/shop${'/a'.repeat(100_000)}`), /more than 512 characters: \/shop\/a/],
    [
      'too many types',
      { more: { messageType: times(12_000, (i) => ({ name: `M${i}` })) } },
      /more than 10000 files, types/,
    ],
    ['too many values', { sizes: Object.fromEntries(times(12_000, (i) => [`S${i}`, i])) }, /10000 files, types/],
    [
      'a name that is too long',
      { more: { messageType: [{ name: 'M'.repeat(300) }] } },
      /name of more than 255 characters/,
    ],
    [
      'a type that is missing',
      { methods: { Get: { input: 'Absent' } } },
      /is no complete google.protobuf.FileDescriptorSet/,
    ],
  ])('refuses %s', (_case, sample, reason) => {
    expect(() => sampleContract(sample)).toThrow(
      expect.objectContaining({
        code: 3,
        violations: [{ field: 'descriptor_set', description: expect.stringMatching(reason) }],
      }),
    );
  });

  it.each([...RESERVED])('refuses /%s and what lies below', (first) => {
    for (const path of [`/${first}`, `/${first.toUpperCase()}/x`, `/${first}/{name}:go`]) {
      expect(() => sampleContract(route(path))).toThrow(/which is the platform's own/);
    }
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['bytes that are none', new Uint8Array([255, 255, 255])],
    ['half a contract', sampleSet().slice(0, -9)],
    [
      'a file that nobody sent',
      toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [{ name: 'a', dependency: ['b'] }] })),
    ],
    ['two methods of one name', twice()],
    ['a contract that is too large', new Uint8Array(256 * 1024 + 1)],
  ])('refuses %s', (_case, bytes) => {
    expect(() => readContract(bytes, [SHOP])).toThrow(expect.objectContaining({ code: 3 }));
  });

  it('never fails in another way than by saying what is wrong', () => {
    const good = sampleSet({ methods: { Get: at('/shop/{name}') } });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }), (place, value) => {
        const bytes = good.slice();
        bytes[place] = value;
        try {
          readContract(bytes, [SHOP]);
        } catch (error) {
          expect(error).toMatchObject({ code: 3 });
        }
      }),
    );
  });
});

function twice(): Uint8Array {
  const bytes = sampleSet({ methods: { Gat: {}, Get: {} } });
  const at = Buffer.from(bytes).indexOf('Gat');
  return bytes.map((byte, index) => (index === at + 1 ? 'e'.charCodeAt(0) : byte));
}
