import { describe, expect, it } from '@jest/globals';
import { ContractError } from './contract-error.js';
import { parsePathTemplate, shapeOf } from './path-template.js';

describe('parsePathTemplate', () => {
  it.each([
    ['/v1/posts', '/v1/posts', []],
    ['/v1/posts/{id}', '/v1/posts/*', [{ field: 'id', from: 2, to: 3, single: true }]],
    ['/v1/posts/{post.id}:cancel', '/v1/posts/*:cancel', [{ field: 'post.id', from: 2, to: 3, single: true }]],
    ['/v1/{name=shelves/*/books/*}', '/v1/shelves/*/books/*', [{ field: 'name', from: 1, to: 5, single: false }]],
    [
      '/v1/{parent=shelves/*}/{rest=**}:move',
      '/v1/shelves/*/**:move',
      [
        { field: 'parent', from: 1, to: 3, single: false },
        { field: 'rest', from: 3, to: undefined, single: false },
      ],
    ],
    ['/v1/*/x/**', '/v1/*/x/**', []],
    ['/v1/gr%C3%B6%C3%9Fe/a=b:l%61st', '/v1/größe/a=b:last', []],
    ['/', '/', []],
    [
      '/{a=x}/{b=*}',
      '/x/*',
      [
        { field: 'a', from: 0, to: 1, single: true },
        { field: 'b', from: 1, to: 2, single: true },
      ],
    ],
  ])('%s', (text, shape, variables) => {
    const template = parsePathTemplate(text);
    expect([shapeOf(template), template.variables]).toEqual([shape, variables]);
  });

  it.each([
    ['v1/posts', 'must start with "/"'],
    ['/v1//posts', '"" is no segment'],
    ['//', '"" is no segment'],
    ['/:purge', '"" is no segment'],
    ['/v1/a%2Fb', '"a%2Fb" is no segment'],
    ['/v1/a%zz', '"a%zz" is no segment'],
    ['/v1/posts:%2A', 'the verb after ":" must be plain text'],
    ['/v1/**/posts', '"**" must be the last segment'],
    ['/v1/{a=**}/{b}', '"**" must be the last segment'],
    ['/v1/{id', 'must be a whole segment'],
    ['/v1/x{id}', '"x{id}" is no segment'],
    ['/v1/{id}x', 'must be a whole segment'],
    ['/v1/{a={b}}', 'is no segment'],
    ['/v1/{1a}', '"1a" is no field path'],
    ['/v1/{a.}', '"a." is no field path'],
    ['/v1/{a}/{a}', '"a" stands in it twice'],
    ['/v1/posts:', 'the verb after ":" must be plain text'],
    ['/v1/posts:a:b', 'the verb after ":" must be plain text'],
    ['/v1/po*sts', '"po*sts" is no segment'],
    ['/v1/posts?x', '"posts?x" is no segment'],
  ])('refuses %s: %s', (text, reason) => {
    expect(() => parsePathTemplate(text)).toThrow(ContractError);
    expect(() => parsePathTemplate(text)).toThrow(reason);
  });
});
