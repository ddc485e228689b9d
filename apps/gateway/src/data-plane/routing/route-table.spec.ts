import { describe, expect, it } from '@jest/globals';
import { RouteTable } from './route-table.js';
import { routeTo } from './routes.fixture.js';

const table = new RouteTable(
  [
    { host: 'a.example.com', routes: [routeTo('a')] },
    { host: 'b.example.com', routes: [routeTo('b', { path: '/b' })] },
    { host: '*.deep.example.com', routes: [routeTo('deep')] },
    { host: '*.example.com', routes: [routeTo('wide'), routeTo('wide-y', { path: '/y', httpMethod: 'GET' })] },
    { host: undefined, routes: [routeTo('any'), routeTo('any-y', { path: '/y', httpMethod: 'PUT' })] },
    { host: undefined, routes: [routeTo('last', { path: '/last' })] },
    { host: 'a.example.com', routes: [routeTo('own', { path: '/own' })] },
  ],
  routeTo('none'),
);

const find = (host: string, path = '/x', httpMethod = 'GET') => {
  const found = table.find({ host, path, httpMethod, query: '', request: { headers: {} } });
  return found.kind === 'found' ? found.route.facts.name : found.kind === 'method' ? found.allowed : undefined;
};

describe('a host', () => {
  it.each([
    ['a.example.com', 'a'],
    ['b.example.com', 'wide'],
    ['c.example.com', 'wide'],
    ['x.y.example.com', 'wide'],
    ['x.deep.example.com', 'deep'],
    ['deep.example.com', 'wide'],
    ['example.com', 'any'],
    ['notexample.com', 'any'],
    ['', 'any'],
    ['localhost', 'any'],
    ['[::1]', 'any'],
  ])('%j takes the most specific routes that are for it: %s', (host, name) => {
    expect(find(host)).toBe(name);
  });

  it('that has routes of its own finds what is there for all as well, and nobody else finds its own', () => {
    expect([find('a.example.com', '/last'), find('x.deep.example.com', '/last')]).toEqual(['last', 'last']);
    expect([find('a.example.com', '/own'), find('b.example.com', '/own')]).toEqual(['own', undefined]);
  });

  it('is told all methods that a path takes there', () => {
    expect(find('c.example.com', '/y', 'DELETE')).toEqual(['GET', 'HEAD', 'PUT']);
    expect(find('example.com', '/y', 'DELETE')).toEqual(['PUT']);
  });

  it('of none has nobody to ask', () => {
    expect(
      new RouteTable([], routeTo('none')).find({
        host: 'a',
        path: '/',
        httpMethod: 'GET',
        query: '',
        request: { headers: {} },
      }),
    ).toEqual({ kind: 'none' });
  });
});
