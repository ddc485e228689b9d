import { describe, expect, it } from '@jest/globals';
import { ContractError } from './contract-error.js';
import { parsePathTemplate } from './path-template.js';
import type { Routable } from './routable.js';
import { createRouter } from './router.js';

const route = <Q = never>(text: string): Routable<Q> => {
  const [httpMethod = '', path = ''] = text.split(' ');
  return { httpMethod, template: parsePathTemplate(path) };
};

function routerOf(...texts: string[]): (request: string) => unknown {
  const router = createRouter(texts.map(route));
  return (request) => {
    const [httpMethod = '', path = ''] = request.split(' ');
    const match = router.match(httpMethod, path);
    if (match.kind === 'found') return [match.route.template.text, ...match.captures];
    return match.kind === 'method' ? match.allowed : 'none';
  };
}

describe('a router', () => {
  const match = routerOf(
    'GET /v1/posts',
    'POST /v1/posts',
    'GET /v1/posts/{id}',
    'GET /v1/posts/latest',
    'POST /v1/posts/{id}:cancel',
    'GET /v1/{name=shelves/*/books/*}',
    'GET /v1/{name=shelves/**}',
    'DELETE /v1/{name=shelves/*}:purge',
    'GET /files/{path=**}',
    'POST /files/{path=**}:touch',
    'GET /v1/posts/{id}/comments/{comment.id}',
    '* /any/{thing}',
    'REPORT /any/{thing}/x',
  );

  it.each([
    ['GET /v1/posts', ['/v1/posts']],
    ['GET /v1/posts/7', ['/v1/posts/{id}', '7']],
    ['GET /v1/posts/latest', ['/v1/posts/latest']],
    ['GET /v1/posts/l%61test', ['/v1/posts/latest']],
    ['GET /v1/posts/a%2Fb', ['/v1/posts/{id}', 'a%2Fb']],
    ['POST /v1/posts/7:cancel', ['/v1/posts/{id}:cancel', '7']],
    ['GET /v1/posts/7:cancel', ['/v1/posts/{id}', '7:cancel']],
    ['GET /v1/posts/a:b', ['/v1/posts/{id}', 'a:b']],
    ['POST /v1/posts/a:b:cancel', ['/v1/posts/{id}:cancel', 'a:b']],
    ['POST /v1/posts/:cancel', ['GET', 'HEAD']],
    ['GET /v1/shelves/1/books/2', ['/v1/{name=shelves/*/books/*}', 'shelves/1/books/2']],
    ['GET /v1/shelves/1/books', ['/v1/{name=shelves/**}', 'shelves/1/books']],
    ['GET /v1/shelves', ['/v1/{name=shelves/**}', 'shelves']],
    ['DELETE /v1/shelves/1:purge', ['/v1/{name=shelves/*}:purge', 'shelves/1']],
    ['GET /files', ['/files/{path=**}', '']],
    ['GET /files/', ['/files/{path=**}', '']],
    ['GET /files/a//b/', ['/files/{path=**}', 'a//b/']],
    ['POST /files/a/b:touch', ['/files/{path=**}:touch', 'a/b']],
    ['POST /files/a/b', ['GET', 'HEAD']],
    ['GET /v1/posts/1/comments/2', ['/v1/posts/{id}/comments/{comment.id}', '1', '2']],
    ['HEAD /v1/posts/7', ['/v1/posts/{id}', '7']],
    ['PUT /v1/posts', ['GET', 'HEAD', 'POST']],
    ['PUT /v1/posts/latest', ['GET', 'HEAD']],
    ['LOCK /any/1', ['/any/{thing}', '1']],
    ['GET /any/1/x', ['REPORT']],
    ['GET /v1', 'none'],
    ['GET /v1/posts/', 'none'],
    ['GET /V1/posts', 'none'],
    ['GET /v1/posts/%', ['/v1/posts/{id}', '%']],
    ['GET ', 'none'],
    ['GET posts', 'none'],
    ['GET *', 'none'],
    ['GET /', 'none'],
    ['GET /:cancel', 'none'],
    ['POST /v1/posts/a%3Acancel', ['GET', 'HEAD']],
    ['POST /v1/posts/a:c%61ncel', ['/v1/posts/{id}:cancel', 'a']],
    ['POST /v1/posts/a:%zz', ['GET', 'HEAD']],
    ['GET /v1/p%6Fsts/a%20b/comments/%63', ['/v1/posts/{id}/comments/{comment.id}', 'a%20b', '%63']],
    ['GET /files/a%2Fb/c', ['/files/{path=**}', 'a%2Fb/c']],
  ])('%s', (request, expected) => expect(match(request)).toEqual(expected));

  it('knows the root', () => {
    const find = routerOf('GET /', 'POST /{path=**}', 'PUT /{path=**}:touch', 'PATCH /{name}');
    expect(find('GET /')).toEqual(['/']);
    expect(find('POST /')).toEqual(['/{path=**}', '']);
    expect(find('PUT /:touch')).toEqual(['/{path=**}:touch', '']);
    expect(find('POST /:touch')).toEqual(['/{path=**}', ':touch']);
    expect(find('PATCH /')).toEqual(['GET', 'HEAD', 'POST']);
  });

  it('comes back from a literal that leads nowhere', () => {
    const find = routerOf('GET /a/b/c', 'GET /a/{x}/d', 'GET /{y=**}');
    expect(find('GET /a/b/d')).toEqual(['/a/{x}/d', 'b']);
    expect(find('GET /a/b/e')).toEqual(['/{y=**}', 'a/b/e']);
  });

  it('refuses two routes for the same requests, and names both', () => {
    const conflict = () => routerOf('GET /v1/posts/{id}', 'GET /v1/posts/{post.id}');
    expect(conflict).toThrow(ContractError);
    expect(conflict).toThrow(
      'GET /v1/posts/{post.id} and GET /v1/posts/{id} answer the same requests: GET /v1/posts/*',
    );
    const [of, and] = ['blog.BlogService/GetPost', 'user.UserService/GetPost'];
    expect(() =>
      createRouter([
        { ...route('GET /a'), owner: of },
        { ...route('GET /a'), owner: and },
      ]),
    ).toThrow(
      'GET /a of user.UserService/GetPost and GET /a of blog.BlogService/GetPost answer the same requests: GET /a',
    );
    expect(() => routerOf('GET /v1/{name=shelves/*}', 'POST /v1/shelves/{id}')).not.toThrow();
    expect(() => routerOf('GET /v1/{name=shelves/*}', 'GET /v1/shelves/{id}')).toThrow('same requests');
  });
});

describe('conditions', () => {
  interface Asked {
    readonly host: string;
  }
  const only = (text: string, host: string): Routable<Asked> => ({
    ...route(text),
    accepts: (request) => request.host === host,
  });
  const blog = only('GET /posts/{id}', 'blog');
  const again = only('GET /posts/{post.id}', 'blog');
  const user = only('GET /posts/{name}', 'user');
  const put = only('PUT /posts/{id}', 'user');
  const any: Routable<Asked> = route('GET /posts/{anything}');
  const rest: Routable<Asked> = route('GET /{path=**}');
  const all = only('* /{everything=**}', 'shop');

  const ask = (routes: readonly Routable<Asked>[], text: string, host?: string): unknown => {
    const [httpMethod = '', path = ''] = text.split(' ');
    const match = createRouter(routes).match(httpMethod, path, host === undefined ? undefined : { host });
    return match.kind === 'found' ? match.route : match.kind === 'method' ? match.allowed : 'none';
  };

  it('are tried in the order given, and before the route without one', () => {
    const routes = [any, blog, again, user];
    expect(ask(routes, 'GET /posts/1', 'blog')).toBe(blog);
    expect(ask(routes.toReversed(), 'GET /posts/1', 'blog')).toBe(again);
    expect(ask(routes, 'GET /posts/1', 'user')).toBe(user);
    expect(ask(routes, 'GET /posts/1', 'shop')).toBe(any);
    expect(ask(routes, 'HEAD /posts/1', 'user')).toBe(user);
    expect(ask(routes, 'GET /posts/1')).toBe(any);
  });

  it('send a request that fits none of a template to a less specific one', () => {
    expect(ask([blog, user, rest, all], 'GET /posts/1', 'shop')).toBe(rest);
    expect(ask([blog, user, all], 'GET /posts/1', 'shop')).toBe(all);
    expect(ask([blog, user, all], 'REPORT /posts/1', 'shop')).toBe(all);
  });

  it('hide their paths and methods from requests that they do not accept', () => {
    expect(ask([blog, put], 'GET /posts/1', 'shop')).toBe('none');
    expect(ask([blog, put], 'GET /posts/1', 'user')).toEqual(['PUT']);
    expect(ask([blog, put], 'PUT /posts/1', 'blog')).toEqual(['GET', 'HEAD']);
    expect(ask([blog, put, rest], 'PUT /posts/1', 'blog')).toEqual(['GET', 'HEAD']);
    expect(ask([blog, put, rest], 'DELETE /posts/1', 'user')).toEqual(['GET', 'HEAD', 'PUT']);
  });

  it('excuse no second route without one', () => {
    expect(() => createRouter([any, blog, route('GET /posts/{id}')])).toThrow(ContractError);
  });
});
