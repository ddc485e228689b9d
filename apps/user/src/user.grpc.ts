import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import {
  type CreateUserRequest,
  type CreateUserResponseSchema,
  type DeleteUserRequest,
  type DeleteUserResponseSchema,
  type GetUserRequest,
  type GetUserResponseSchema,
  type ListUsersRequest,
  type ListUsersResponseSchema,
  type UpdateUserRequest,
  type UpdateUserResponseSchema,
  UserSchema,
  UserService,
  type VerifyPasswordRequest,
  type VerifyPasswordResponseSchema,
} from '@trellis/contracts/user/v1';
import { type Call, GrpcMethod, maskedFields, pageToken, readPageToken, requireUser } from '@trellis/service-defaults';
import type { User, UserChanges } from './user.js';
import { Users } from './user.service.js';

const DEFAULT_PAGE_SIZE = 20;

/** `trellis.user.v1.UserService`. Requests are verified, authorized and validated when they arrive here. */
@Controller()
export class UserController {
  constructor(private readonly users: Users) {}

  @GrpcMethod(UserService.method.createUser)
  async createUser(request: CreateUserRequest, call: Call): Promise<MessageInitShape<typeof CreateUserResponseSchema>> {
    const { username, password, email = null, displayName = null } = request;
    const user = await this.users.register({ username, password, email, displayName }, call.signal);
    return { user: ownView(user) };
  }

  @GrpcMethod(UserService.method.getUser)
  async getUser({ id }: GetUserRequest, call: Call): Promise<MessageInitShape<typeof GetUserResponseSchema>> {
    return { user: viewFor(call, await this.users.read(id)) };
  }

  @GrpcMethod(UserService.method.listUsers)
  async listUsers(request: ListUsersRequest, call: Call): Promise<MessageInitShape<typeof ListUsersResponseSchema>> {
    const afterId = readPageToken(request.pageToken);
    const limit = request.pageSize || DEFAULT_PAGE_SIZE;
    const { users, more } = await this.users.list({ ...(afterId && { afterId }), limit });
    const last = more ? users.at(-1) : undefined;
    return { users: users.map((user) => viewFor(call, user)), nextPageToken: last ? pageToken(last.id) : '' };
  }

  @GrpcMethod(UserService.method.updateUser)
  async updateUser(request: UpdateUserRequest, call: Call): Promise<MessageInitShape<typeof UpdateUserResponseSchema>> {
    const userId = requireUser(call);
    const id = request.user?.id ?? ''; // required by the contract
    return { user: ownView(await this.users.change(userId, id, changesOf(request))) };
  }

  @GrpcMethod(UserService.method.deleteUser)
  async deleteUser({ id }: DeleteUserRequest, call: Call): Promise<MessageInitShape<typeof DeleteUserResponseSchema>> {
    await this.users.remove(requireUser(call), id);
    return {};
  }

  @GrpcMethod(UserService.method.verifyPassword)
  async verifyPassword(
    { username, password }: VerifyPasswordRequest,
    call: Call,
  ): Promise<MessageInitShape<typeof VerifyPasswordResponseSchema>> {
    return { user: publicView(await this.users.verifyPassword(username, password, call.signal)) };
  }
}

/** What the mask names; without one, what the user in the request has. */
function changesOf({ user, updateMask }: UpdateUserRequest): UserChanges {
  if (!user) return {};
  const fields = maskedFields(UserSchema, user, updateMask, { mutable: ['email', 'display_name'] });
  return {
    ...(fields.has('email') && { email: user.email ?? null }),
    ...(fields.has('display_name') && { displayName: user.displayName ?? null }),
  };
}

type UserView = MessageInitShape<typeof UserSchema>;

/** The e-mail address is for its owner's eyes. */
function viewFor({ caller }: Call, user: User): UserView {
  return caller?.userId === user.id ? ownView(user) : publicView(user);
}

function ownView(user: User): UserView {
  return { ...publicView(user), ...(user.email !== null && { email: user.email }) };
}

function publicView({ id, username, displayName, postCount, createdAt, updatedAt }: User): UserView {
  return {
    id,
    username,
    ...(displayName !== null && { displayName }),
    postCount,
    createTime: timestampFromDate(createdAt),
    updateTime: timestampFromDate(updatedAt),
  };
}
