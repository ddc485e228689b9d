import { describe, expect, it } from '@jest/globals';
import { descriptorSet, services } from '@trellis/contracts';
import { concerns } from './compatibility.js';
import { type Sample, Type, at, field, repeated, sampleContract } from './contract.fixture.js';
import { readContract } from './contract.js';

/** What an operator would be asked when the second follows the first. */
const asked = (live: Sample, next: Sample): string[] => concerns(sampleContract(live), sampleContract(next));
const item = (...fields: Sample['item'] & object): Sample => ({ item: fields });
/** The same message behind a method with a route. */
const routed = (sample: Sample): Sample => ({ ...sample, methods: { Get: at('/shop/items') } });
const size = (number: number, more = {}) => field('size', number, Type.ENUM, { typeName: '.shop.v1.Size', ...more });

describe('a contract that waits for nobody', () => {
  it.each(services.map((service) => [service.typeName, service] as const))('%s after itself', (name, service) => {
    const contract = readContract(descriptorSet([service]), [name]);
    expect(concerns(contract, readContract(descriptorSet([service]), [name]))).toEqual([]);
  });

  it.each<[string, Sample, Sample]>([
    ['a new field', item(field('name', 1)), item(field('name', 1), field('price', 2, Type.INT32))],
    ['a new method', { methods: { Get: {} } }, { methods: { Get: {}, List: { public: true } } }],
    [
      'a new route',
      { methods: { Get: at('/shop/a') } },
      { methods: { Get: { rules: [...(at('/shop/a').rules ?? []), ...(at('/shop/b').rules ?? [])] } } },
    ],
    ['a new enum value', { sizes: { A: 0 } }, { sizes: { A: 0, B: 1 } }],
    [
      'a removed field whose number is reserved',
      item(field('name', 1), field('price', 2)),
      { itemReserves: { numbers: [2] } },
    ],
    ['a renamed field without REST', item(field('name', 1)), item(field('title', 1))],
    ['int32 that becomes int64', item(field('n', 1, Type.INT32)), item(field('n', 1, Type.INT64))],
    ['text that becomes bytes', item(field('n', 1)), item(field('n', 1, Type.BYTES))],
    ['more scopes', { methods: { Get: { scopes: ['a'] } } }, { methods: { Get: { scopes: ['b', 'a'] } } }],
    ['no longer public', { methods: { Get: { public: true } } }, { methods: { Get: { scopes: ['a'] } } }],
    ['fewer callers', { methods: { Get: { callers: ['a', 'b'] } } }, { methods: { Get: { callers: ['a'] } } }],
    ['newly repeatable', { methods: { Get: {} } }, { methods: { Get: { repeatable: true } } }],
    [
      'another name of a path variable',
      { methods: { Get: at('/shop/{name}') }, item: [field('name', 1), field('id', 2)] },
      { methods: { Get: at('/shop/{id}') }, item: [field('name', 1), field('id', 2)] },
    ],
    ['a change to what no method has', {}, { sizes: { B: 0 } }],
    [
      'JSON names that generated code leaves out',
      routed(item(field('page_size', 1))),
      routed(item(field('page_size', 1, Type.STRING, { jsonName: '' }))),
    ],
  ])('%s', (_case, live, next) => {
    expect(asked(live, next)).toEqual([]);
  });
});

describe('a contract that breaks what is on the wire', () => {
  it.each<[string, Sample, Sample, string]>([
    ['a removed method', { methods: { Get: {}, List: {} } }, {}, 'The method shop.v1.Shop/List would be gone.'],
    [
      'a removed field',
      item(field('name', 1), field('price', 2)),
      {},
      'The field shop.v1.Item.price would be gone without its number 2 being reserved.',
    ],
    [
      'another type',
      item(field('name', 1)),
      item(field('name', 1, Type.INT32)),
      'The field shop.v1.Item.name would change its type from string to int32.',
    ],
    [
      'bytes that become text',
      item(field('name', 1, Type.BYTES)),
      item(field('name', 1)),
      'The field shop.v1.Item.name would change its type from bytes to string.',
    ],
    [
      'another message',
      item(field('sub', 1, Type.MESSAGE, { typeName: '.shop.v1.Item' })),
      item(field('sub', 1, Type.MESSAGE, { typeName: '.shop.v1.Other' })),
      'The field shop.v1.Item.sub would change its type from shop.v1.Item to shop.v1.Other.',
    ],
    [
      'a list',
      item(field('name', 1)),
      item(field('name', 1, Type.STRING, repeated)),
      'The field shop.v1.Item.name would change from a single value to a list.',
    ],
    [
      'a map instead of a list',
      item(field('labels', 1, Type.STRING, repeated)),
      item(field('labels', 1, Type.MESSAGE, { ...repeated, typeName: '.shop.v1.Item.LabelsEntry' })),
      'The field shop.v1.Item.labels would change from a list to a map.',
    ],
    [
      'a oneof',
      item(field('name', 1), field('a', 2, Type.STRING, { oneofIndex: 0 })),
      item(field('name', 1, Type.STRING, { oneofIndex: 0 }), field('a', 2, Type.STRING, { oneofIndex: 0 })),
      'The field shop.v1.Item.name would move into the oneof choice.',
    ],
    [
      'a removed enum value',
      { sizes: { A: 0, B: 1 }, item: [size(1)] },
      { sizes: { A: 0 }, item: [size(1)] },
      'The value shop.v1.Size.B would be gone without its number 1 being reserved.',
    ],
    [
      'another request',
      { methods: { Get: {} } },
      { methods: { Get: { input: 'Other' } } },
      'The method shop.v1.Shop/Get would take shop.v1.Other.',
    ],
    [
      'another answer',
      { methods: { Get: {} } },
      { methods: { Get: { output: 'Other' } } },
      'The method shop.v1.Shop/Get would answer shop.v1.Other.',
    ],
    [
      'a stream',
      { methods: { Get: {} } },
      { methods: { Get: { stream: true } } },
      'The method shop.v1.Shop/Get would be server streaming instead of unary.',
    ],
    [
      'a method that must not be repeated any more',
      { methods: { Get: { repeatable: true } } },
      { methods: { Get: {} } },
      'The method shop.v1.Shop/Get must not be called twice any more, but callers of today repeat it.',
    ],
  ])('%s', (_case, live, next, sentence) => expect(asked(live, next)).toEqual([sentence]));
});

describe('a contract that breaks REST clients', () => {
  it.each<[string, Sample, Sample, string]>([
    [
      'a renamed field',
      routed(item(field('name', 1))),
      routed(item(field('title', 1))),
      'The field shop.v1.Item.name would be called title in JSON.',
    ],
    [
      'int32 that becomes int64, a text in JSON',
      routed(item(field('n', 1, Type.INT32))),
      routed(item(field('n', 1, Type.INT64))),
      'The field shop.v1.Item.n would change its type from int32 to int64.',
    ],
    [
      'a removed field whose name is free',
      routed(item(field('name', 1), field('price', 2))),
      routed({ itemReserves: { numbers: [2] } }),
      'The field shop.v1.Item.price would be gone without its name being reserved.',
    ],
    [
      'a renamed enum value',
      routed({ sizes: { A: 0 }, item: [size(1)] }),
      routed({ sizes: { B: 0 }, item: [size(1)] }),
      'The value shop.v1.Size.A would be called B in JSON.',
    ],
    ['a removed route', routed({}), { methods: { Get: {} } }, 'The route GET /shop/items would be gone.'],
    [
      'a route of another method',
      { methods: { Get: at('/shop/items'), List: {} } },
      { methods: { Get: {}, List: at('/shop/items') } },
      'The route GET /shop/items would call shop.v1.Shop/List.',
    ],
    [
      'another body',
      routed({}),
      { methods: { Get: at('/shop/items', { body: '*' }) } },
      'The route GET /shop/items would have another body.',
    ],
  ])('%s', (_case, live, next, sentence) => expect(asked(live, next)).toEqual([sentence]));
});

describe('a contract that lets more callers in', () => {
  const method = (of: NonNullable<Sample['methods']>[string]): Sample => ({ methods: { Get: of } });
  it.each<[string, Sample, Sample, string]>([
    ['public', method({ scopes: ['a'] }), method({ public: true }), 'would be public'],
    ['public, of one without scopes', method({}), method({ public: true }), 'would be public'],
    ['a scope less', method({ scopes: ['a', 'b'] }), method({ scopes: ['b'] }), 'would no longer ask for the scope a'],
    ['other scopes', method({ scopes: ['a'] }), method({ scopes: ['b'] }), 'would no longer ask for the scope a'],
    ['any caller', method({ callers: ['blog'] }), method({}), 'would be open to more than its callers'],
    ['one caller more', method({ callers: ['a'] }), method({ callers: ['a', 'b'] }), 'would let b call it'],
  ])('%s', (_case, live, next, change) => {
    expect(asked(live, next)).toEqual([`The method shop.v1.Shop/Get ${change}.`]);
  });
});

it('asks little of an operator however much has changed', () => {
  const many = Array.from({ length: 500 }, (_, index) => field(`f${index}`, index + 1));
  const found = asked(item(...many), {});
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toBe('There are 479 more such changes.');
});

it('takes types that hold one another in a long chain', () => {
  const chain = (last: Type): Sample => ({
    item: [field('next', 1, Type.MESSAGE, { typeName: '.chain.M0' })],
    more: {
      dependency: [],
      messageType: [
        { name: 'Item', field: [field('next', 1, Type.MESSAGE, { typeName: '.shop.v1.M0' })] },
        ...Array.from({ length: 3_000 }, (_, index) => ({
          name: `M${index}`,
          field: [
            index < 2_999
              ? field('next', 1, Type.MESSAGE, { typeName: `.shop.v1.M${index + 1}` })
              : field('last', 1, last),
          ],
        })),
      ],
    },
  });
  expect(asked(chain(Type.STRING), chain(Type.INT32))).toEqual([
    'The field shop.v1.M2999.last would change its type from string to int32.',
  ]);
});
