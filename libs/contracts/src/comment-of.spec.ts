import { describe, expect, it } from '@jest/globals';
import { type DescMessage, createFileRegistry, create } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { BlogService, PostSchema } from './blog.v1.js';
import { RegistryService, StateSchema } from './registry.v1.js';
import { type Commented, commentOf } from './comment-of.js';
import { descriptorSet, readDescriptorSet } from './descriptor-set.js';

describe('commentOf', () => {
  const announced = readDescriptorSet(descriptorSet([BlogService, RegistryService]));
  const blog = announced.getService(BlogService.typeName);
  const post = announced.getMessage(PostSchema.typeName);
  const state = announced.getEnum(StateSchema.typeName);

  it.each<[string, Commented | undefined, string]>([
    ['a service', blog, 'Posts that people write. The author is always the verified caller.'],
    ['a method', blog?.method['listPosts'], 'Lists posts, the newest first.'],
    ['a field', post?.field['authorId'], 'Set by the service: the account that wrote the post.'],
    ['an enum value', state?.values[1], 'Takes calls.'],
    ['nothing', blog?.method['getPost'], ''],
    ['a file of others', announced.getMessage('google.protobuf.Timestamp'), ''],
  ])('reads what an announced contract says of %s', (_, desc, comment) => {
    expect(desc && commentOf(desc)).toBe(comment);
  });

  it('joins what the editor broke, keeps paragraphs and lists, and passes over what is not for readers', () => {
    const text = [
      ' One sentence that is',
      ' broken. (-- api-linter: of no',
      ' interest --)',
      '',
      ' buf:lint:ignore FIELD_LOWER_SNAKE_CASE',
      ' - a',
      '   - b',
      ' - c',
      '',
    ].join('\n');
    expect(commentOf(messageWith({ leadingComments: text }))).toBe('One sentence that is broken.\n\n- a\n  - b\n- c');
  });

  it('takes what stands behind when nothing stands above', () => {
    expect(commentOf(messageWith({ trailingComments: ' Behind.\n' }))).toBe('Behind.');
  });
});

/** The inner message of `message Outer { message Other; message Inner }`, with a comment. */
function messageWith(comment: { leadingComments?: string; trailingComments?: string }): DescMessage {
  const file = create(FileDescriptorProtoSchema, {
    name: 'a.proto',
    syntax: 'proto3',
    messageType: [{ name: 'Outer', nestedType: [{ name: 'Other' }, { name: 'Inner' }] }],
    sourceCodeInfo: { location: [{ path: [4, 0, 3, 1], ...comment }] },
  });
  const inner = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getMessage('Outer.Inner');
  if (!inner) throw new Error('no message');
  return inner;
}
