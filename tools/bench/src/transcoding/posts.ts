import {
  type MessageInitShape,
  type Registry,
  create,
  createFileRegistry,
  fromBinary,
  setExtension,
  toBinary,
} from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  type FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
} from '@bufbuild/protobuf/wkt';
import { http } from '@trellis/contracts/google/api';

type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;

const field = (name: string, number: number, type: Type, more: Field = {}): Field => ({
  name,
  number,
  type,
  label: Label.OPTIONAL,
  jsonName: protoCamelCase(name),
  ...more,
});

const options = (path: string) => {
  const made = create(MethodOptionsSchema);
  setExtension(made, http, { pattern: { case: 'post', value: path }, body: '*' } as never);
  return made;
};

const method = (name: string, type: string) => ({
  name,
  inputType: type,
  outputType: type,
  options: options(`/${name}`),
});

/**
 * A contract of kinds that every subject can turn into the same JSON: protobufjs knows no Timestamp in text. Its methods
 * answer what they are asked.
 */
export const contract: Uint8Array = toBinary(
  FileDescriptorSetSchema,
  create(FileDescriptorSetSchema, {
    file: [
      {
        name: 'bench/posts.proto',
        package: 'bench',
        syntax: 'proto3',
        enumType: [
          {
            name: 'State',
            value: [
              { name: 'STATE_UNSPECIFIED', number: 0 },
              { name: 'DRAFT', number: 1 },
              { name: 'PUBLISHED', number: 2 },
            ],
          },
        ],
        messageType: [
          { name: 'Author', field: [field('name', 1, Type.STRING), field('email', 2, Type.STRING)] },
          {
            name: 'Post',
            field: [
              field('id', 1, Type.STRING),
              field('title', 2, Type.STRING),
              field('content', 3, Type.STRING),
              field('author', 4, Type.MESSAGE, { typeName: '.bench.Author' }),
              field('etag', 5, Type.STRING),
              field('revision', 6, Type.INT64),
              field('word_count', 7, Type.INT32),
              field('score', 8, Type.DOUBLE),
              field('pinned', 9, Type.BOOL),
              field('state', 10, Type.ENUM, { typeName: '.bench.State' }),
              field('tags', 11, Type.STRING, { label: Label.REPEATED }),
            ],
          },
          {
            name: 'Posts',
            field: [
              field('posts', 1, Type.MESSAGE, { typeName: '.bench.Post', label: Label.REPEATED }),
              field('next_page_token', 2, Type.STRING),
              field('total_size', 3, Type.INT32),
            ],
          },
        ],
        service: [{ name: 'Echo', method: [method('One', '.bench.Post'), method('Many', '.bench.Posts')] }],
      },
    ],
  }),
);

export const registry: Registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, contract));

const post = (number: number) => ({
  id: `0198c9a2-7f31-7c0e-9b4a-${String(100_000_000_000 + number)}`,
  title: `On the keeping of bees ${number}`,
  content: 'A hive in winter is quiet.',
  author: { name: 'Ada Müller', email: 'ada@example.org' },
  etag: `W/${number * 7_919}`,
  revision: String(1_700_000_000_000 + number * 997),
  wordCount: 9 + number,
  score: 4.75 + number / 8,
  pinned: number % 2 === 0,
  state: 'PUBLISHED',
  tags: ['bees', 'winter'],
});

/** JSON of some 300 bytes and some 10,000, by the name of its case, and the message that it is. */
export const SAMPLES = {
  'json-300B': { type: 'Post', json: JSON.stringify(post(0)) },
  'json-10KB': {
    type: 'Posts',
    json: JSON.stringify({
      posts: Array.from({ length: 33 }, (_, number) => post(number)),
      nextPageToken: 'abc',
      totalSize: 33,
    }),
  },
} as const;
