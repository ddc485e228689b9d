import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PostCreatedSchema, PostDeletedSchema } from '@trellis/contracts/blog/v1';
import { type SqlTransaction, publish } from '@trellis/events';
import type { Post } from './post.js';

export function publishPostCreated(tx: SqlTransaction, { id, authorId, title, createdAt }: Post): Promise<void> {
  const message = { postId: id, authorId, title, createTime: timestampFromDate(createdAt) };
  return publish(tx, { schema: PostCreatedSchema, message, key: id });
}

export function publishPostDeleted(tx: SqlTransaction, { id, authorId }: Post): Promise<void> {
  return publish(tx, { schema: PostDeletedSchema, message: { postId: id, authorId }, key: id });
}
