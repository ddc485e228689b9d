import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  CreatePostRequestSchema,
  CreatePostResponseSchema,
  GetPostRequestSchema,
  GetPostResponseSchema,
} from '@trellis/contracts/blog/v1';
import type { Target } from './orders.js';

/**
 * What is sent and answered in every case: a post is written and read in turn, about 300 B of JSON each way, with text that
 * needs escapes and is not all ASCII, and times.
 */
const CREATED = {
  title: 'A "quoted" title, and a café',
  content: `First line.\nSecond line: ${'lorem ipsum '.repeat(18)}…`,
};
const POST = {
  id: '0197a3c2-6f1e-7b50-9d3a-5e8f2c41b7d6',
  title: 'A "quoted" title, and a café',
  content: 'First line.\nSecond line: lorem ipsum dolor sit amet…',
  authorId: '0197a3c2-0000-7000-8000-00000000002a',
  etag: '7f3a9c',
  createTime: '2026-01-05T10:00:00.123Z',
  updateTime: '2026-02-06T11:30:15.456Z',
} as const;

export const POSTS_PATH = '/v1/posts';
export const POST_PATH = `${POSTS_PATH}/${POST.id}`;

export const CREATED_JSON = JSON.stringify(CREATED);
export const POST_JSON = JSON.stringify(POST);

const { createTime, updateTime, ...texts } = POST;
const post = {
  ...texts,
  createTime: timestampFromDate(new Date(createTime)),
  updateTime: timestampFromDate(new Date(updateTime)),
};

/** The same as gRPC: the answer by what is asked, both as messages in binary form. */
export const ANSWERS: readonly { readonly request: Uint8Array; readonly answer: Uint8Array }[] = [
  {
    request: toBinary(CreatePostRequestSchema, create(CreatePostRequestSchema, CREATED)),
    answer: toBinary(CreatePostResponseSchema, create(CreatePostResponseSchema, { post })),
  },
  {
    request: toBinary(GetPostRequestSchema, create(GetPostRequestSchema, { id: POST.id })),
    answer: toBinary(GetPostResponseSchema, create(GetPostResponseSchema, { post })),
  },
];

/** The requests in HTTP/1 form. `base` goes before each path. */
export function requests({ base, host, token }: Pick<Target, 'base' | 'host' | 'token'>): readonly Buffer[] {
  const head = (line: string): string =>
    `${line} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n` +
    'accept: application/json\r\nuser-agent: bench/1\r\n';
  const length = Buffer.byteLength(CREATED_JSON);
  return [
    `${head(`POST ${base}${POSTS_PATH}`)}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${CREATED_JSON}`,
    `${head(`GET ${base}${POST_PATH}`)}\r\n`,
  ].map((text) => Buffer.from(text));
}

/** Whether a JSON text is the post, whatever the order of its fields; it may be in a field of its own. */
export function isThePost(json: string): boolean {
  try {
    const answer = JSON.parse(json) as { readonly post?: object };
    const found = (answer.post ?? answer) as Record<string, unknown>;
    const names = Object.keys(POST) as (keyof typeof POST)[];
    return Object.keys(found).length === names.length && names.every((name) => found[name] === POST[name]);
  } catch {
    return false;
  }
}
