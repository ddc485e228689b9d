import { describe, expect, it } from '@jest/globals';
import { create, fromBinary, setExtension, toBinary } from '@bufbuild/protobuf';
import { type DescriptorProto, FieldOptionsSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSet, methodPolicy, readDescriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { FieldRulesSchema, field as fieldRules } from '@trellis/contracts/buf/validate';
import { Code, httpStatus } from '@trellis/errors';
import { Validator } from '@seriousme/openapi-schema-validator';
import { routeOf } from '@trellis/transcoding';
import type { ApiRoute } from './api-route.js';
import { apiRoutes, documentOf, everyKind, onlyOperation, ours } from './api-routes.fixture.js';
import type { OpenApiDocument, Response } from './document.js';
import { checker } from './schemas.fixture.js';

const document = documentOf(apiRoutes(ours()));
const kinds = documentOf(apiRoutes(everyKind()));

async function validity(given: OpenApiDocument): Promise<unknown[]> {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(given)) as Record<string, unknown>);
  return [validator.version, valid, errors];
}

describe('the document', () => {
  it.each([
    ['our own contracts', document],
    ['a contract with every kind of field', kinds],
    ['nothing', documentOf([])],
  ])('of %s is valid by the official schema of OpenAPI 3.1', async (_, given) => {
    expect(await validity(given)).toEqual(['3.1', true, undefined]);
  });

  it('says what a method is for, who may call it, and whether it may be repeated', () => {
    expect(document.paths['/v1/posts/{id}']?.delete).toMatchObject({
      tags: ['blog'],
      operationId: 'BlogService_DeletePost',
      summary: 'Delete post',
      description:
        'Deletes a post. Only the author may.\n\n' +
        'Needs the scope `blog:write`. May be sent again when its outcome is not known.',
      security: [{ oauth2: ['blog:write'] }, { bearer: [] }],
      'x-required-scopes': ['blog:write'],
      'x-repeatable': true,
    });
    expect(document.paths['/v1/users']?.post).toMatchObject({ security: [], 'x-repeatable': false });
    expect(kinds.paths['/v1/books/{book.id}:archive']?.post).toMatchObject({
      description: 'For the service `user` only.',
      security: [{ bearer: [] }],
      'x-callers': ['user'],
    });
    expect(kinds.paths['/v1/books/{id}']?.patch?.deprecated).toBe(true);
  });

  it('describes a message by its comments and its rules', () => {
    expect(document.components.schemas['trellis.user.v1.CreateUserRequest']).toEqual({
      type: 'object',
      properties: {
        username: {
          type: 'string',
          minLength: 3,
          maxLength: 32,
          pattern: '^[A-Za-z0-9._-]+$',
          description: 'Letters, digits, dot, dash and underscore; compared without regard to case.',
        },
        password: {
          type: 'string',
          minLength: 8,
          maxLength: 256,
          format: 'password',
          description: expect.stringContaining('At least 8 characters'),
        },
        email: { type: 'string', format: 'email', maxLength: 254 },
        displayName: {
          type: 'string',
          maxLength: 100,
          pattern: '^[^\\x00]*$',
          description: 'Without the character U+0000, which PostgreSQL cannot store.',
        },
      },
      required: ['username', 'password'],
    });
    expect(document.paths['/v1/users']?.post?.requestBody?.content['application/json']?.example).toEqual({
      username: 'ada',
      password: 'correct horse battery staple',
      email: 'ada@example.com',
      displayName: 'Display name',
    });
  });

  it('asks for no more in a body than the path has not given', () => {
    const body = document.paths['/v1/posts/{id}']?.patch?.requestBody?.content['application/json'];
    expect(Object.keys(body?.schema.properties ?? {})).not.toContain('id');
    expect(body?.example).toEqual({ title: 'Title', content: 'Content' });
    expect(document.paths['/v1/services/{service}/instances/{id}:drain']?.post?.requestBody).toBeUndefined();
  });

  it('says that a mask may be left out', () => {
    const mask = document.paths['/v1/posts/{id}']?.patch?.parameters?.find(({ name }) => name === 'updateMask');
    expect(mask?.description).toContain('When it is not given: the fields that the body holds.');
  });

  it('has raw bodies and streams as what they are', () => {
    const upload = kinds.paths['/v1/scans/{id}']?.put;
    expect(upload?.requestBody?.content).toEqual({ '*/*': { schema: {} } });
    expect((upload?.responses['200'] as Response).content).toEqual({ '*/*': { schema: {} } });
    const follow = kinds.paths['/v1/books:follow']?.get?.responses['200'] as Response;
    expect(follow.content).toEqual({
      'text/event-stream': {
        schema: { type: 'string', description: 'Server-sent events. The data of each is JSON of Book.' },
        'x-event-data': { $ref: '#/components/schemas/test.Book' },
      },
    });
  });

  it('groups operations by service, with its version', () => {
    expect(document.tags.map(({ name }) => name)).toEqual(['blog', 'registry', 'user']);
    expect(document.tags[0]?.description).toBe(
      'Posts that people write. The author is always the verified caller.\n\n' +
        'Version 1.2.0, `trellis.blog.v1.BlogService`.',
    );
  });

  it('knows the scopes, and that nobody logs in for those of operators', () => {
    expect(document.components.securitySchemes['oauth2']?.['flows']).toEqual({
      authorizationCode: {
        authorizationUrl: 'http://localhost:8080/oauth2/auth',
        tokenUrl: 'http://localhost:8080/oauth2/token',
        scopes: {
          'blog:read': 'For: get post and list posts.',
          'blog:write': 'For: create post, update post and delete post.',
          'user:read': 'For: get user and list users.',
          'user:write': 'For: update user and delete user.',
        },
      },
      clientCredentials: {
        tokenUrl: 'http://localhost:8080/oauth2/token',
        scopes: expect.objectContaining({
          'blog:read': 'For: get post and list posts.',
          'registry:admin': 'For: drain instance, undrain instance and approve contract.',
        }),
      },
    });
  });

  it('shows each problem with the status under which it comes, and names all codes', () => {
    const check = checker(document);
    for (const { responses } of Object.values(document.paths).flatMap((item) => Object.values(item))) {
      for (const [status, response] of Object.entries(responses as Record<string, { $ref?: string }>)) {
        const name = response.$ref?.split('/').at(-1);
        if (name === undefined || status === 'default') continue;
        const media = document.components.responses[name]?.content?.['application/problem+json'];
        expect(media?.example).toMatchObject({ status: Number(status) });
        expect(check(media?.schema ?? {}, media?.example)).toBeUndefined();
      }
    }
    for (const [name, code] of Object.entries(Code)) {
      const { description } = document.components.schemas['Problem']?.properties?.['code'] ?? {};
      expect(description).toContain(`- \`${name}\`: ${httpStatus(code)} `);
    }
  });
});

describe('types of one name', () => {
  /** A route of a service whose contract is the blog's, changed. */
  function routeIn(service: string, change: (post: DescriptorProto) => void = () => undefined): ApiRoute {
    const set = fromBinary(FileDescriptorSetSchema, descriptorSet([BlogService]));
    for (const { messageType } of set.file) for (const each of messageType) if (each.name === 'Post') change(each);
    const registry = readDescriptorSet(toBinary(FileDescriptorSetSchema, set));
    const method = registry.getService(BlogService.typeName)?.method['getPost'];
    if (!method) throw new Error('no method');
    const { binding } = routeOf(method, { pattern: { case: 'get', value: `/${service}/{id}` } }, registry);
    return { binding, service, version: '', access: methodPolicy(method) };
  }
  const postsOf = (...routes: ApiRoute[]): string[][] =>
    Object.entries(documentOf(routes).components.schemas)
      .filter(([name]) => name.includes('.Post'))
      .map(([name, { properties = {} }]) => [name, Object.keys(properties)[1] ?? '']);

  it('are one where they are the same', () => {
    expect(postsOf(routeIn('a'), routeIn('b'))).toEqual([['trellis.blog.v1.Post', 'title']]);
  });

  it('are apart where they differ', () => {
    const heading = routeIn('b', ({ field }) =>
      Object.assign(field[1] ?? {}, { name: 'heading', jsonName: 'heading' }),
    );
    expect(postsOf(routeIn('a'), heading, routeIn('c'))).toEqual([
      ['trellis.blog.v1.Post', 'title'],
      ['trellis.blog.v1.Post-2', 'heading'],
    ]);
  });

  it('refer to themselves where they hold themselves', () => {
    const more = kinds.components.schemas['test.Kinds']?.properties?.['more'];
    expect(more).toEqual({ $ref: '#/components/schemas/test.Kinds', description: 'It holds itself.' });
  });
});

/** Contracts are written by strangers. */
describe('a contract without measure', () => {
  /** A route that takes and answers messages of ten fields that are messages of ten fields, ten deep. */
  function wide(httpMethod: 'get' | 'post', required: boolean): ApiRoute {
    const name = (level: number): string => `M${level}`;
    const fieldOptions = create(FieldOptionsSchema);
    setExtension(fieldOptions, fieldRules, create(FieldRulesSchema, { required }));
    const field = (level: number, index: number) => ({
      name: `f${index}`,
      number: index + 1,
      label: 1,
      options: fieldOptions,
      ...(level < 10 ? { type: 11, typeName: `.${name(level + 1)}` } : { type: 9 }),
    });
    const messageType = Array.from({ length: 11 }, (_, level) => ({
      name: name(level),
      field: Array.from({ length: 10 }, (__, index) => field(level, index)),
    }));
    const method = { name: 'Wide', inputType: '.M0', outputType: '.M0' };
    const file = {
      name: 'wide.proto',
      syntax: 'proto3',
      messageType,
      service: [{ name: 'WideService', method: [method] }],
    };
    const registry = readDescriptorSet(
      toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [file] })),
    );
    const found = registry.getService('WideService')?.method['wide'];
    if (!found) throw new Error('no method');
    const rule = { pattern: { case: httpMethod, value: '/wide' }, body: httpMethod === 'post' ? '*' : '' };
    const { binding } = routeOf(found, rule, registry);
    return { binding, service: 'wide', version: '', access: methodPolicy(found) };
  }
  const exampleIn = (route: ApiRoute): unknown =>
    onlyOperation(documentOf([route])).operation.requestBody?.content['application/json']?.example;

  it('has an example all the same, of a size that somebody reads', () => {
    expect(JSON.stringify(exampleIn(wide('post', false))).length).toBeLessThan(20_000);
  });

  it('has none when all of it would have to be there', () => {
    expect(exampleIn(wide('post', true))).toBeUndefined();
  });

  it('has as many parameters as somebody reads', () => {
    const { operation } = onlyOperation(documentOf([wide('get', false)]));
    expect(operation.parameters?.length ?? 0).toBeLessThanOrEqual(100);
  });
});
