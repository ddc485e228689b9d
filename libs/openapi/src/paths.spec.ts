import { describe, expect, it } from '@jest/globals';
import type { FileRegistry, MessageInitShape } from '@bufbuild/protobuf';
import { methodPolicy } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import type { HttpRuleSchema } from '@trellis/contracts/google/api';
import { routeOf } from '@trellis/transcoding';
import type { ApiRoute } from './api-route.js';
import { apiRoutes, documentOf, everyKind, onlyOperation, ours } from './api-routes.fixture.js';
import type { Operation, Parameter } from './document.js';

const registry = ours();
const { paths } = documentOf(apiRoutes(registry));
const kinds = documentOf(apiRoutes(everyKind())).paths;

const inPath = (operation: Operation | undefined): Parameter[] =>
  operation?.parameters?.filter((parameter) => parameter.in === 'path') ?? [];

/** A method of the blog under a rule that its contract does not have. */
function blogRoute(
  name: keyof typeof BlogService.method,
  rule: MessageInitShape<typeof HttpRuleSchema>,
  more: Partial<ApiRoute> & { parameters?: Record<string, string>; from?: FileRegistry } = {},
): ApiRoute {
  const { parameters, from = registry, ...rest } = more;
  const method = from.getService(BlogService.typeName)?.method[name];
  if (!method) throw new Error(`no ${name}`);
  const { binding } = routeOf(method, rule, from, parameters ? { parameters } : {});
  return { binding, service: 'blog', version: '', access: methodPolicy(method), ...rest };
}
const get = (path: string) => ({ pattern: { case: 'get', value: path } }) as const;
const any = (path: string) => ({ pattern: { case: 'custom', value: { kind: '*', path } } }) as const;

describe('a path', () => {
  it('has one name for each of its parts, whatever the methods call them', () => {
    const item = paths['/v1/posts/{id}'];
    expect(Object.keys(item ?? {})).toEqual(['get', 'patch', 'delete']);
    for (const operation of [item?.get, item?.patch, item?.delete]) {
      expect(inPath(operation).map(({ name, required }) => [name, required])).toEqual([['id', true]]);
    }
    expect(inPath(paths['/v1/services/{service}/instances/{id}:drain']?.post).map(({ name }) => name)).toEqual([
      'service',
      'id',
    ]);
  });

  it('is flat where a variable has several segments', () => {
    const operation = kinds['/v1/shelves/{shelvesId}/books/{booksId}']?.get;
    expect(inPath(operation)).toEqual([
      expect.objectContaining({ name: 'shelvesId', description: 'Part of `name`.' }),
      expect.objectContaining({ name: 'booksId', description: 'Part of `name`.' }),
    ]);
  });

  it('tells of a variable that takes any number of segments', () => {
    expect(inPath(kinds['/v1/files/{name}']?.get)).toEqual([
      {
        name: 'name',
        in: 'path',
        required: true,
        description: 'Any number of segments: its slashes stand as they are.',
        schema: { type: 'string' },
        example: 'a/b',
      },
    ]);
  });

  it('keeps its verb', () => {
    expect(kinds['/v1/books/{book.id}:archive']?.post?.summary).toBe('Archive book');
    expect(kinds['/v1/books/{id}/{name}:touch']?.post?.operationId).toBe('KindService_Touch');
  });

  it('names parts that no field takes', () => {
    const paths = [any('/v1/*/posts/*'), any('/v1/posts/**')].map((rule) =>
      onlyOperation(documentOf([blogRoute('listPosts', rule)])),
    );
    expect(paths.map(({ path }) => path)).toEqual(['/v1/{v1Id}/posts/{postsId}', '/v1/posts/{rest}']);
  });

  it('has the methods beside that OpenAPI has no place for', () => {
    const item = kinds['/v1/kinds'];
    expect(Object.keys(item ?? {})).toEqual(['get', 'post', 'x-additional-operations']);
    expect(item?.['x-additional-operations']?.['REPORT']?.operationId).toBe('KindService_Echo_3');
  });

  it('shows a route for any method under the one by which it would be called', () => {
    const reading = documentOf([blogRoute('listPosts', any('/all'))]).paths['/all'];
    expect([Object.keys(reading ?? {}), reading?.get?.description]).toEqual([
      ['get'],
      expect.stringContaining('Takes any method.'),
    ]);
    const writing = documentOf([blogRoute('createPost', { ...any('/all'), body: '*' })]).paths['/all'];
    expect(Object.keys(writing ?? {})).toEqual(['post']);
  });
});

describe('a route of the configuration', () => {
  it('has the parameters that it names', () => {
    const route = blogRoute('getPost', get('/get_post'), { parameters: { post_id: 'id' } });
    const { path, operation } = onlyOperation(documentOf([route]));
    expect([path, operation.operationId]).toEqual(['/get_post', 'BlogService_GetPost']);
    expect(operation.parameters).toEqual([
      {
        name: 'post_id',
        in: 'query',
        required: true,
        schema: { type: 'string', minLength: 1, maxLength: 64 },
        example: '7f1b1f3e-5c0a-4e0b-9f3a-2f8f6d1c9a54',
      },
    ]);
  });

  it('stands for those that OpenAPI cannot tell from it, and names them', () => {
    const plain = blogRoute('listPosts', get('/posts'));
    const beta = blogRoute('getPost', get('/posts'), { conditions: ['header `x-beta: 1`'] });
    for (const routes of [
      [plain, beta],
      [beta, plain],
    ]) {
      const { operation } = onlyOperation(documentOf(routes));
      expect([operation.summary, operation['x-shadowed']]).toEqual([
        'List posts',
        ['trellis.blog.v1.BlogService/GetPost (/posts)'],
      ]);
    }
    expect(onlyOperation(documentOf([beta])).operation.description).toContain('For requests with header `x-beta: 1`.');
  });

  it('stands behind one that is more specific', () => {
    const routes = [blogRoute('getPost', get('/posts/{id=**}')), blogRoute('getPost', get('/posts/{id}'))];
    const { path, operation } = onlyOperation(documentOf(routes));
    expect([path, inPath(operation)[0]?.description, operation['x-shadowed']?.length]).toEqual([
      '/posts/{id}',
      undefined,
      1,
    ]);
  });

  it('tells of its limits', () => {
    const rates = [{ quota: 100, windowSeconds: 60, per: 'caller' }];
    const route = blogRoute('listPosts', get('/posts'), { limits: { maxBody: 1_024, timeoutMs: 3_000, rates } });
    const { operation } = onlyOperation(documentOf([route]));
    expect(operation['x-limits']).toEqual({ maxBody: 1_024, timeoutMs: 3_000, rates });
    expect(operation.description).toContain('At most 100 requests in 60 s for each caller.');
    expect(operation.responses['200']).toMatchObject({ headers: { RateLimit: {}, 'RateLimit-Policy': {} } });
  });
});
