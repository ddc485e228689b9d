import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import {
  BlogService,
  CreatePostRequestSchema,
  GetPostRequestSchema,
  GetPostResponseSchema,
} from '@trellis/contracts/blog/v1';
import { RegistryService } from '@trellis/contracts/registry/v1';
import type { HashSource } from './policy/call-policies.js';
import { echoAt } from './platform.fixture.js';
import type { UnaryCall } from './rpc.js';
import { typedClient } from './typed-client.js';

describe('a typed client', () => {
  const calls: UnaryCall[] = [];
  const message = toBinary(
    GetPostResponseSchema,
    create(GetPostResponseSchema, { post: { id: 'p1', title: 'Hello' } }),
  );
  const unary = async (call: UnaryCall) => {
    calls.push(call);
    return { message, instance: echoAt('127.0.0.1:1'), attempts: 1 };
  };
  const hashSource = (): HashSource | undefined => undefined;
  const client = typedClient(BlogService, { unary, hashSource });

  it('speaks in messages and takes name, path and repeatability from the contract', async () => {
    const { post } = await client.getPost({ id: 'p1' }, { deadline: 5, token: 't' });
    expect(post).toMatchObject({ id: 'p1', title: 'Hello' });
    const { request, ...call } = calls[0] ?? {};
    expect(call).toEqual({
      service: 'blog',
      path: '/trellis.blog.v1.BlogService/GetPost',
      repeatable: true,
      deadline: 5,
      token: 't',
      output: GetPostResponseSchema,
    });
    expect(fromBinary(GetPostRequestSchema, request ?? new Uint8Array())).toMatchObject({ id: 'p1' });
  });

  it('does not repeat what the contract does not allow', async () => {
    await client.createPost({ title: 'Hello', content: 'World' });
    expect(calls.at(-1)?.repeatable).toBe(false);
    expect(fromBinary(CreatePostRequestSchema, calls.at(-1)?.request ?? new Uint8Array())).toMatchObject({
      title: 'Hello',
    });
  });

  it('keeps calls together by the field that the policy names', async () => {
    const byId = typedClient(BlogService, { unary, hashSource: () => ({ field: 'id' }) });
    await byId.getPost({ id: 'p7' });
    expect(calls.at(-1)?.hashKey).toBe('p7');
    await byId.getPost({});
    expect(calls.at(-1)).not.toHaveProperty('hashKey');
  });

  it('leaves streams out', () => {
    const names = Object.keys(typedClient(RegistryService, { unary, hashSource }));
    expect(names).toEqual(expect.arrayContaining(['getContract', 'listInstances']));
    for (const stream of ['session', 'watch']) expect(names).not.toContain(stream);
  });
});
