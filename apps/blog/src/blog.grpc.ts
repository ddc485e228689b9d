import { Controller } from '@nestjs/common';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  BlogService,
  type CreatePostRequest,
  type CreatePostResponseSchema,
  type DeletePostRequest,
  type DeletePostResponseSchema,
  type GetPostRequest,
  type GetPostResponseSchema,
  type ListPostsRequest,
  type ListPostsResponseSchema,
  PostSchema,
  type UpdatePostRequest,
  type UpdatePostResponseSchema,
} from '@trellis/contracts/blog/v1';
import { type Call, GrpcMethod, maskedFields, pageToken, readPageToken, requireUser } from '@trellis/service-defaults';
import { type Post, type PostChanges, etagOf } from './post.js';
import { Posts } from './post.service.js';

const DEFAULT_PAGE_SIZE = 20;

/** `trellis.blog.v1.BlogService`. Requests are verified, authorized and validated when they arrive here. */
@Controller()
export class BlogController {
  constructor(private readonly posts: Posts) {}

  @GrpcMethod(BlogService.method.createPost)
  async createPost(request: CreatePostRequest, call: Call): Promise<MessageInitShape<typeof CreatePostResponseSchema>> {
    const { title, content } = request;
    return { post: toMessage(await this.posts.write(requireUser(call), title, content)) };
  }

  @GrpcMethod(BlogService.method.getPost)
  async getPost({ id }: GetPostRequest): Promise<MessageInitShape<typeof GetPostResponseSchema>> {
    return { post: toMessage(await this.posts.read(id)) };
  }

  @GrpcMethod(BlogService.method.listPosts)
  async listPosts(request: ListPostsRequest): Promise<MessageInitShape<typeof ListPostsResponseSchema>> {
    const { authorId } = request;
    const afterId = readPageToken(request.pageToken, authorId);
    const { posts, more } = await this.posts.list({
      ...(authorId && { authorId }),
      ...(afterId && { afterId }),
      limit: request.pageSize || DEFAULT_PAGE_SIZE,
    });
    const last = more ? posts.at(-1) : undefined;
    return { posts: posts.map(toMessage), nextPageToken: last ? pageToken(last.id, authorId) : '' };
  }

  @GrpcMethod(BlogService.method.updatePost)
  async updatePost(request: UpdatePostRequest, call: Call): Promise<MessageInitShape<typeof UpdatePostResponseSchema>> {
    const userId = requireUser(call);
    const post = request.post ?? { id: '', etag: '' }; // required by the contract
    return { post: toMessage(await this.posts.change(userId, post.id, changesOf(request), post.etag)) };
  }

  @GrpcMethod(BlogService.method.deletePost)
  async deletePost({ id }: DeletePostRequest, call: Call): Promise<MessageInitShape<typeof DeletePostResponseSchema>> {
    await this.posts.remove(requireUser(call), id);
    return {};
  }
}

/** What the mask names; without one, what the post in the request has. The etag may be named: clients send back what they read. */
function changesOf({ post, updateMask }: UpdatePostRequest): PostChanges {
  if (!post) return {};
  const fields = maskedFields(PostSchema, post, updateMask, { mutable: ['title', 'content'], ignored: ['etag'] });
  return {
    ...(fields.has('title') && { title: post.title }),
    ...(fields.has('content') && { content: post.content }),
  };
}

function toMessage(post: Post): MessageInitShape<typeof PostSchema> {
  const { id, title, content, authorId, createdAt, updatedAt } = post;
  const etag = etagOf(post);
  const times = { createTime: timestampFromDate(createdAt), updateTime: timestampFromDate(updatedAt) };
  return { id, title, content, authorId, etag, ...times };
}
