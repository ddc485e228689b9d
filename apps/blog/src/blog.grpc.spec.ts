import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type MessageInitShape, create } from '@bufbuild/protobuf';
import { FieldMaskSchema } from '@bufbuild/protobuf/wkt';
import {
  CreatePostRequestSchema,
  DeletePostRequestSchema,
  GetPostRequestSchema,
  ListPostsRequestSchema,
  UpdatePostRequestSchema,
} from '@trellis/contracts/blog/v1';
import { Code } from '@trellis/errors';
import { type TestPostgres, testPostgres } from '@trellis/postgres';
import type { Caller } from '@trellis/security';
import { type Call, HealthChecks, validate } from '@trellis/service-defaults';
import { createLogger } from '@trellis/telemetry';
import { BlogController } from './blog.grpc.js';
import { Database } from './database.js';
import { Posts } from './post.service.js';
import { PrismaPostStore } from './post.store.prisma.js';

const ADA = '0194e0a0-0000-7000-8000-00000000000a';
const BOB = '0194e0a0-0000-7000-8000-00000000000b';
const NOBODY = '0194e0a0-0000-7000-8000-000000000000';

let postgres: TestPostgres;
let database: Database;
let blog: BlogController;
let woken = 0;

beforeAll(async () => {
  postgres = await testPostgres();
  database = new Database(postgres.url('blog'), new HealthChecks(), createLogger({ name: 'blog', level: 'silent' }));
  await database.onModuleInit();
  const relay = { wake: () => (woken += 1) };
  blog = new BlogController(new Posts(new PrismaPostStore(database, relay)));
});

afterAll(async () => {
  await database.onApplicationShutdown();
  await postgres.stop();
});

beforeEach(async () => {
  await database.$executeRaw`TRUNCATE posts, outbox`;
  woken = 0;
});

/** By a person, or by a client on its own behalf. */
function callBy(userId: string | undefined): Call {
  const identity = { subject: userId ?? 'app', clientId: 'app', scopes: new Set<string>(), token: '', expiresAt: 0 };
  const caller: Caller = userId === undefined ? { kind: 'client', ...identity } : { kind: 'user', userId, ...identity };
  return { caller, deadline: Infinity, signal: new AbortController().signal, metadata: new Metadata() };
}

async function write(title: string, userId = ADA, content = 'Text') {
  const answer = await blog.createPost(create(CreatePostRequestSchema, { title, content }), callBy(userId));
  const { id = '', etag = '' } = answer.post ?? {};
  return { id, etag };
}
const read = async (id: string) => (await blog.getPost(create(GetPostRequestSchema, { id }))).post;
const list = async (request: MessageInitShape<typeof ListPostsRequestSchema>) => {
  const { posts = [], nextPageToken = '' } = await blog.listPosts(create(ListPostsRequestSchema, request));
  return { titles: posts.map(({ title }) => title), next: nextPageToken };
};
const update = (post: MessageInitShape<typeof UpdatePostRequestSchema>['post'], paths?: string[], userId = ADA) => {
  const updateMask = paths && create(FieldMaskSchema, { paths });
  return blog.updatePost(create(UpdatePostRequestSchema, { post, updateMask }), callBy(userId));
};
const remove = (id: string, userId = ADA) => blog.deletePost(create(DeletePostRequestSchema, { id }), callBy(userId));
const events = async () =>
  (await database.outbox.findMany({ orderBy: { id: 'asc' } })).map(({ type, key }) => ({ type, key }));
const refusal = (code: number, reason?: string) => expect.objectContaining({ code, ...(reason && { reason }) });

describe('writing a post', () => {
  it('keeps it under the name of the caller, and publishes that it did', async () => {
    const { id } = await write('Hello');
    expect(await read(id)).toMatchObject({ id, title: 'Hello', content: 'Text', authorId: ADA });
    expect(await events()).toEqual([{ type: 'trellis.blog.v1.PostCreated', key: id }]);
    expect(woken).toBe(1);
  });

  it('is refused to a client without a user, which may read', async () => {
    const client = callBy(undefined);
    const request = create(CreatePostRequestSchema, { title: 'Hello', content: 'Text' });
    await expect(blog.createPost(request, client)).rejects.toThrow(refusal(Code.PERMISSION_DENIED, 'USER_REQUIRED'));
    expect(await list({})).toEqual({ titles: [], next: '' });
  });
});

describe('the contract', () => {
  it('refuses the character that the database cannot store, and no other', () => {
    const title = 'a\u0000b';
    const wrong = expect.objectContaining({ violations: [expect.objectContaining({ field: 'title' })] });
    expect(() => validate(CreatePostRequestSchema, create(CreatePostRequestSchema, { title, content: 'x' }))).toThrow(
      wrong,
    );
    const post = { title: 'Zeile 1\nZeile 2', content: '\u0001 \t 🌱 \u2028' };
    expect(() => validate(CreatePostRequestSchema, create(CreatePostRequestSchema, post))).not.toThrow();
  });
});

describe('reading posts', () => {
  it.each(['no-uuid', '', '\0', NOBODY])('does not find one with the id %j', async (id) => {
    await expect(read(id)).rejects.toThrow(refusal(Code.NOT_FOUND));
  });

  it('goes through all pages, the newest first, each post once, also while others are written', async () => {
    for (const title of ['1', '2', '3', '4', '5']) await write(title);
    const first = await list({ pageSize: 2 });
    await write('6');
    const second = await list({ pageSize: 2, pageToken: first.next });
    const third = await list({ pageSize: 2, pageToken: second.next });
    expect([...first.titles, ...second.titles, ...third.titles]).toEqual(['5', '4', '3', '2', '1']);
    expect(third.next).toBe('');
  });

  it('has no token after a page that is exactly full', async () => {
    await write('1');
    await write('2');
    expect(await list({ pageSize: 2 })).toEqual({ titles: ['2', '1'], next: '' });
  });

  it('keeps a page of long posts within what gRPC takes, and continues it', async () => {
    const content = '😀'.repeat(100_000);
    for (const title of ['1', '2', '3', '4', '5', '6', '7']) await write(title, ADA, content);
    const first = await list({ pageSize: 100 });
    expect(first.titles).toEqual(['7', '6', '5', '4', '3']);
    expect(await list({ pageSize: 100, pageToken: first.next })).toEqual({ titles: ['2', '1'], next: '' });
  });

  it('filters by author, and does not continue a list with another filter', async () => {
    for (const title of ['a', 'b', 'c']) await write(title, ADA);
    await write('d', BOB);
    const { titles, next } = await list({ authorId: ADA, pageSize: 2 });
    expect(titles).toEqual(['c', 'b']);
    expect(await list({ authorId: ADA, pageSize: 2, pageToken: next })).toEqual({ titles: ['a'], next: '' });
    expect(await list({ authorId: 'no uuid\0' })).toEqual({ titles: [], next: '' });
    const wrong = expect.objectContaining({ violations: [expect.objectContaining({ field: 'page_token' })] });
    await expect(list({ authorId: BOB, pageToken: next })).rejects.toThrow(wrong);
    await expect(list({ pageToken: 'made up' })).rejects.toThrow(wrong);
  });
});

describe('changing a post', () => {
  it('changes what the mask names, and the etag', async () => {
    const { id, etag } = await write('Old');
    const { post } = await update({ id, title: 'New', content: 'ignored', etag }, ['title']);
    expect(post).toMatchObject({ title: 'New', content: 'Text' });
    expect(post?.etag).not.toBe(etag);
    expect(await read(id)).toEqual(post);
  });

  it('changes what it has when there is no mask, and nothing when it has nothing', async () => {
    const { id, etag } = await write('Old');
    expect((await update({ id })).post?.etag).toBe(etag);
    expect((await update({ id, content: 'New text' })).post).toMatchObject({ title: 'Old', content: 'New text' });
  });

  it('refuses a stale etag, and takes a change that asks for no protection', async () => {
    const { id, etag } = await write('Old');
    await update({ id, title: 'First', etag }, ['title', 'etag']);
    await expect(update({ id, title: 'Second', etag }, ['title'])).rejects.toThrow(refusal(Code.ABORTED, 'ETAG_STALE'));
    expect((await update({ id, title: 'Third' }, ['title'])).post).toMatchObject({ title: 'Third' });
  });

  it('lets one of many that read the same version win', async () => {
    const { id, etag } = await write('Old');
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => update({ id, title: `Title ${n}`, etag }, ['title'])),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal(Code.ABORTED, 'ETAG_STALE'));
    }
  });

  it('refuses what cannot be changed, what is unknown, and what would leave nothing', async () => {
    const { id } = await write('Old');
    const onMask = expect.objectContaining({ violations: [expect.objectContaining({ field: 'update_mask' })] });
    await expect(update({ id, authorId: BOB }, ['author_id'])).rejects.toThrow(onMask);
    await expect(update({ id }, ['colour'])).rejects.toThrow(onMask);
    await expect(update({ id }, ['title'])).rejects.toThrow(refusal(Code.INVALID_ARGUMENT));
  });

  it('is for the author alone', async () => {
    const { id } = await write('Old');
    const forbidden = refusal(Code.PERMISSION_DENIED, 'NOT_THE_AUTHOR');
    await expect(update({ id, title: 'Mine' }, ['title'], BOB)).rejects.toThrow(forbidden);
    await expect(remove(id, BOB)).rejects.toThrow(forbidden);
    await expect(update({ id: NOBODY, title: 'x' }, ['title'], BOB)).rejects.toThrow(refusal(Code.NOT_FOUND));
  });
});

describe('deleting a post', () => {
  it('publishes it once, whoever else tries at the same time', async () => {
    const { id } = await write('Hello');
    const results = await Promise.allSettled([remove(id), remove(id), remove(id)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await events()).map(({ type }) => type)).toEqual([
      'trellis.blog.v1.PostCreated',
      'trellis.blog.v1.PostDeleted',
    ]);
    await expect(read(id)).rejects.toThrow(refusal(Code.NOT_FOUND));
  });
});
