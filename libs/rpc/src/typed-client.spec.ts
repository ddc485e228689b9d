import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import {
  BlogService,
  CreatePostRequestSchema,
  GetPostRequestSchema,
  GetPostResponseSchema,
} from '@trellis/contracts/blog/v1';
import { RegistryService } from '@trellis/contracts/registry/v1';
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
    return { message, instance: echoAt('127.0.0.1:1') };
  };
  const client = typedClient(BlogService, unary);

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

  it('leaves streams out', () => {
    expect(Object.keys(typedClient(RegistryService, unary))).toEqual(['getContract', 'listServices', 'listInstances']);
  });
});
