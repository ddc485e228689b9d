import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { UserCreatedSchema, UserDeletedSchema } from '@trellis/contracts/user/v1';
import { type SqlTransaction, publish } from '@trellis/events';
import type { User } from './user.js';

export function publishUserCreated(tx: SqlTransaction, { id, username, createdAt }: User): Promise<void> {
  const message = { userId: id, username, createTime: timestampFromDate(createdAt) };
  return publish(tx, { schema: UserCreatedSchema, message, key: id });
}

export function publishUserDeleted(tx: SqlTransaction, id: string): Promise<void> {
  return publish(tx, { schema: UserDeletedSchema, message: { userId: id }, key: id });
}
