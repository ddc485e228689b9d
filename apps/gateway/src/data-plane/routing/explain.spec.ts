import { describe, expect, it } from '@jest/globals';
import { explain } from './explain.js';
import type { Condition } from './route.js';
import { RouteTable } from './route-table.js';
import { routeTo } from './routes.fixture.js';

const canary: Condition = {
  text: 'header x-canary is "yes"',
  fits: ({ request }) => request.headers['x-canary'] === 'yes',
};
const table = new RouteTable(
  [
    {
      host: 'blog.example.com',
      routes: [
        routeTo('canary', { path: '/posts/{id}', httpMethod: 'GET', conditions: [canary], accepts: canary.fits }),
        routeTo('post', { path: '/posts/{id}', httpMethod: 'GET' }),
        routeTo('rest', { path: '/posts/**' }),
      ],
    },
    { host: undefined, routes: [routeTo('all', { path: '/**', source: 'built-in' })] },
  ],
  routeTo('none'),
);
const strict = new RouteTable(table.layers.slice(0, 1), routeTo('none'));

const ask = (from: RouteTable, httpMethod: string, host: string, path: string, headers = {}) => {
  const { refused, route, variables, others } = explain(from, {
    httpMethod,
    host,
    path,
    query: '',
    request: { headers },
  });
  return { refused, taken: route?.name, variables, others: others.map(({ route: { name }, why }) => `${name} ${why}`) };
};

describe('which route a request takes', () => {
  it('is told with its variables, and why not the others', () => {
    expect(ask(table, 'HEAD', 'blog.example.com', '/posts/p%201')).toEqual({
      refused: undefined,
      taken: 'post',
      variables: { id: 'p%201' },
      others: [
        'rest fits too, but its path is less specific',
        'all fits too, but is asked later',
        'canary asks that header x-canary is "yes"',
      ],
    });
  });

  it('depends on method and conditions', () => {
    expect(ask(table, 'GET', 'blog.example.com', '/posts/1', { 'x-canary': 'yes' })).toMatchObject({
      taken: 'canary',
      others: ['post fits too, but has no conditions', expect.stringContaining('rest'), expect.stringContaining('all')],
    });
    expect(ask(table, 'PUT', 'blog.example.com', '/posts/1')).toMatchObject({
      taken: 'rest',
      others: [
        expect.stringContaining('all'),
        'post takes GET',
        expect.stringMatching(/^canary takes GET, asks that /),
      ],
    });
    const anyway = routeTo('anyway', { path: '/posts/{id}', conditions: [canary], accepts: canary.fits });
    const posts = new RouteTable(
      [{ host: undefined, routes: [routeTo('get', { path: '/posts/{id}', httpMethod: 'GET' }), anyway] }],
      anyway,
    );
    expect(ask(posts, 'GET', '', '/posts/1', { 'x-canary': 'yes' })).toMatchObject({
      taken: 'get',
      others: ['anyway fits too, but is not for this very method'],
    });
  });

  it('depends on the host', () => {
    expect(ask(table, 'GET', 'shop.example.com', '/posts/1')).toMatchObject({
      taken: 'all',
      others: [
        'post is for blog.example.com',
        'rest is for blog.example.com',
        expect.stringMatching(/^canary is for /),
      ],
    });
  });

  it('is none when the host, the method or the path is another', () => {
    expect(ask(strict, 'GET', 'elsewhere.example', '/posts/1')).toMatchObject({
      refused: 404,
      taken: undefined,
      others: ['post is for blog.example.com', 'rest is for blog.example.com', expect.stringContaining('canary')],
    });
    expect(ask(strict, 'GET', 'blog.example.com', '/post/1')).toMatchObject({
      refused: 404,
      others: [
        'post has another path',
        'rest has another path',
        expect.stringMatching(/^canary has another path, asks /),
      ],
    });
    expect(ask(strict, 'GET', 'blog.example.com', '/entries/1')).toMatchObject({ refused: 404, others: [] });
    const one = new RouteTable([{ host: undefined, routes: [routeTo('get', { httpMethod: 'GET' })] }], routeTo('none'));
    expect(ask(one, 'PUT', '', '/x')).toMatchObject({ refused: 405, others: ['get takes GET'] });
    expect(ask(one, 'GET', '', '/x/../x')).toMatchObject({ refused: 400, others: [] });
  });

  it('is told of the host that was asked for, should a route hold for several', () => {
    const route = routeTo('both');
    const both = new RouteTable(
      ['a.example', 'b.example'].map((host) => ({ host, routes: [route] })),
      routeTo('none'),
    );
    const head = { httpMethod: 'GET', host: 'b.example', path: '/x', query: '', request: { headers: {} } };
    expect(explain(both, head)).toMatchObject({ route: { host: 'b.example' }, others: [] });
  });
});
