import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import { Metadata } from '@grpc/grpc-js';
import {
  CreateUserRequestSchema,
  DeleteUserRequestSchema,
  GetUserRequestSchema,
  ListUsersRequestSchema,
  UpdateUserRequestSchema,
  VerifyPasswordRequestSchema,
} from '@trellis/contracts/user/v1';
import { Code } from '@trellis/errors';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import type { Caller } from '@trellis/security';
import { type Call, HealthChecks } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { Database } from './database.js';
import { PasswordHasher } from './password-hasher.js';
import { UserController } from './user.grpc.js';
import { Users } from './user.service.js';
import { PrismaUserStore } from './user.store.prisma.js';

const NOBODY = '0194e0a0-0000-7000-8000-000000000000';
const PASSWORD = 'correct horse';

let postgres: TestPostgres;
let database: Database;
let users: UserController;

beforeAll(async () => {
  postgres = await testPostgres();
  database = new Database(postgres.url('user'), new HealthChecks(), createLogger({ name: 'user', level: 'silent' }));
  await database.onModuleInit();
  const store = new PrismaUserStore(database, { wake: () => undefined });
  users = new UserController(new Users(store, new PasswordHasher()));
});

afterAll(async () => {
  await database.onApplicationShutdown();
  await postgres.stop();
});

beforeEach(async () => {
  await database.$executeRaw`TRUNCATE users, outbox, inbox`;
});

/** By a person, or by nobody in particular. */
function callBy(userId?: string): Call {
  const identity = { subject: userId ?? 'app', clientId: 'app', scopes: new Set<string>(), token: '', expiresAt: 0 };
  const caller: Caller = userId === undefined ? { kind: 'client', ...identity } : { kind: 'user', userId, ...identity };
  return { caller, deadline: Infinity, signal: new AbortController().signal, metadata: new Metadata() };
}

async function register(username: string, email?: string) {
  const request = create(CreateUserRequestSchema, { username, password: PASSWORD, ...(email && { email }) });
  const { user } = await users.createUser(request, { ...callBy(), caller: undefined });
  return { ...user, id: user?.id ?? '' };
}
const read = async (id: string, by?: string) =>
  (await users.getUser(create(GetUserRequestSchema, { id }), callBy(by))).user;
const list = (pageSize: number, pageToken = '', by?: string) =>
  users.listUsers(create(ListUsersRequestSchema, { pageSize, pageToken }), callBy(by));
const update = (user: { id: string; email?: string; displayName?: string }, paths?: string[], by = user.id) => {
  const updateMask = paths && create(FieldMaskSchema, { paths });
  return users.updateUser(create(UpdateUserRequestSchema, { user, updateMask }), callBy(by));
};
const remove = (id: string, by = id) => users.deleteUser(create(DeleteUserRequestSchema, { id }), callBy(by));
const verify = (username: string, password: string) =>
  users.verifyPassword(create(VerifyPasswordRequestSchema, { username, password }), callBy());
const events = async () =>
  (await database.outbox.findMany({ orderBy: { id: 'asc' } })).map(({ type, key }) => ({ type, key }));
const refusal = (code: number, reason?: string) => expect.objectContaining({ code, ...(reason && { reason }) });

describe('registering', () => {
  it('answers the new account to its owner, and publishes it', async () => {
    const user = await register('Ada', 'ada@example.com');
    expect(user).toMatchObject({ username: 'Ada', email: 'ada@example.com', postCount: 0 });
    expect(await events()).toEqual([{ type: 'trellis.user.v1.UserCreated', key: user.id }]);
  });

  it('refuses a name that is taken in any spelling', async () => {
    await register('Ada');
    await expect(register('aDA')).rejects.toThrow(refusal(Code.ALREADY_EXISTS, 'USERNAME_TAKEN'));
  });

  it('lets one of many that want the same name have it', async () => {
    const results = await Promise.allSettled(['ada', 'Ada', 'ADA', 'adA'].map((name) => register(name)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal(Code.ALREADY_EXISTS, 'USERNAME_TAKEN'));
    }
    expect(await events()).toHaveLength(1);
  });

  it('keeps no password', async () => {
    await register('Ada');
    const rows = await database.user.findMany();
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(rows[0]?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe('reading accounts', () => {
  it('shows the e-mail address to the owner alone', async () => {
    const ada = await register('Ada', 'ada@example.com');
    const bob = await register('Bob', 'bob@example.com');
    expect(await read(ada.id, ada.id)).toMatchObject({ email: 'ada@example.com' });
    expect(await read(ada.id, bob.id)).not.toHaveProperty('email');
    expect(await read(ada.id)).not.toHaveProperty('email');
    const page = await list(10, '', bob.id);
    expect(page.users?.map(({ email }) => email)).toEqual(['bob@example.com', undefined]);
  });

  it.each(['no-uuid', '', '\0', NOBODY])('does not find one with the id %j', async (id) => {
    await expect(read(id)).rejects.toThrow(refusal(Code.NOT_FOUND));
  });

  it('goes through all pages, the newest first, each account once', async () => {
    for (const name of ['one', 'two', 'three']) await register(name);
    const first = await list(2);
    const second = await list(2, first.nextPageToken);
    expect([...(first.users ?? []), ...(second.users ?? [])].map(({ username }) => username)).toEqual([
      'three',
      'two',
      'one',
    ]);
    expect(second.nextPageToken).toBe('');
    const wrong = expect.objectContaining({ violations: [expect.objectContaining({ field: 'page_token' })] });
    await expect(list(2, 'made up')).rejects.toThrow(wrong);
  });
});

describe('changing an account', () => {
  it('changes what the mask names, and clears what is named and absent', async () => {
    const { id } = await register('Ada', 'ada@example.com');
    const changed = await update({ id, displayName: 'Ada L.' }, ['email', 'display_name']);
    expect(changed.user).toMatchObject({ username: 'Ada', displayName: 'Ada L.' });
    expect(changed.user).not.toHaveProperty('email');
  });

  it('refuses what cannot be changed and what is unknown', async () => {
    const { id } = await register('Ada');
    const onMask = expect.objectContaining({ violations: [expect.objectContaining({ field: 'update_mask' })] });
    await expect(update({ id }, ['username'])).rejects.toThrow(onMask);
    await expect(update({ id }, ['colour'])).rejects.toThrow(onMask);
  });

  it('is for the owner alone, and so is deleting it', async () => {
    const ada = await register('Ada');
    const bob = await register('Bob');
    const forbidden = refusal(Code.PERMISSION_DENIED, 'NOT_THE_OWNER');
    await expect(update({ id: ada.id, displayName: 'x' }, undefined, bob.id)).rejects.toThrow(forbidden);
    await expect(remove(ada.id, bob.id)).rejects.toThrow(forbidden);
    await expect(remove(NOBODY, bob.id)).rejects.toThrow(refusal(Code.NOT_FOUND));
    const client = users.deleteUser(create(DeleteUserRequestSchema, { id: ada.id }), callBy());
    await expect(client).rejects.toThrow(refusal(Code.PERMISSION_DENIED, 'USER_REQUIRED'));
  });

  it('by deleting it frees its name and is published', async () => {
    const { id } = await register('Ada');
    await remove(id);
    await expect(read(id)).rejects.toThrow(refusal(Code.NOT_FOUND));
    await register('Ada');
    expect((await events()).map(({ type }) => type.split('.').at(-1))).toEqual([
      'UserCreated',
      'UserDeleted',
      'UserCreated',
    ]);
  });
});

describe('verifying a password', () => {
  it('answers the account without its e-mail address, in whatever case its name is typed', async () => {
    const { id } = await register('Ada', 'ada@example.com');
    const { user } = await verify('ADA', PASSWORD);
    expect(user).toMatchObject({ id, username: 'Ada' });
    expect(user).not.toHaveProperty('email');
  });

  it('does not tell a wrong password from an account that does not exist', async () => {
    await register('Ada');
    const errors = await Promise.all(
      [verify('Ada', 'wrong'), verify('Bob', PASSWORD), verify('Bo\0b', PASSWORD)].map((call) =>
        call.then(
          () => 'passed',
          ({ code, message, reason }) => ({ code, message, reason }),
        ),
      ),
    );
    expect(errors[0]).toMatchObject({ code: Code.UNAUTHENTICATED, reason: 'PASSWORD_INCORRECT' });
    expect(new Set(errors.map((error) => JSON.stringify(error))).size).toBe(1);
  });
});
