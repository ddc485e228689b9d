import { describe, expect, it } from '@jest/globals';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { BlogService, ListPostsRequestSchema } from './blog.v1.js';
import { descriptorSet, readDescriptorSet } from './descriptor-set.js';
import { httpRule, methodPolicy, serviceName } from './method-policy.js';
import { allScopes, isOperatorScope, services } from './services.js';

describe('descriptorSet', () => {
  const announced = readDescriptorSet(descriptorSet([BlogService])).getService(BlogService.typeName);

  it('keeps every option of every method when it is read back without generated code', () => {
    expect(announced).not.toBe(BlogService);
    expect(announced && serviceName(announced)).toBe('blog');
    for (const method of BlogService.methods) {
      const read = announced?.method[method.localName];
      expect(read && methodPolicy(read)).toEqual(methodPolicy(method));
      expect(read && httpRule(read)?.pattern).toEqual(httpRule(method)?.pattern);
    }
  });

  it('gives the same bytes for the same services', () => {
    expect(descriptorSet([BlogService])).toEqual(descriptorSet([BlogService]));
  });

  it('knows the JSON names that the descriptors in generated code of other languages leave out', () => {
    const set = fromBinary(FileDescriptorSetSchema, descriptorSet([BlogService]));
    for (const { messageType } of set.file) {
      for (const { field: fields } of messageType) for (const field of fields) field.jsonName = '';
    }
    const read = readDescriptorSet(toBinary(FileDescriptorSetSchema, set)).getMessage(ListPostsRequestSchema.typeName);
    expect(read?.fields.map(({ jsonName }) => jsonName)).toEqual(['pageSize', 'pageToken', 'authorId']);
  });

  it('refuses bytes that are no descriptor set', () => {
    expect(() => readDescriptorSet(new Uint8Array([255, 255]))).toThrow();
  });
});

describe('contracts', () => {
  it('name each service and protect every method that is not public', () => {
    for (const service of services) {
      expect(serviceName(service)).toMatch(/^[a-z][a-z0-9-]*$/);
      for (const method of service.methods) {
        const { public: open, scopes, callers } = methodPolicy(method);
        expect([method.toString(), open || scopes.length > 0 || callers.length > 0]).toEqual([method.toString(), true]);
      }
    }
  });

  it('know their scopes', () => {
    expect(allScopes()).toEqual(['blog:read', 'blog:write', 'registry:admin', 'user:read', 'user:write']);
    expect(allScopes().filter(isOperatorScope)).toEqual(['registry:admin']);
  });

  it('say which calls may be repeated', () => {
    const repeatable = BlogService.methods.filter((method) => methodPolicy(method).repeatable);
    expect(repeatable.map((method) => method.name)).toEqual(['GetPost', 'ListPosts', 'DeletePost']);
  });
});
