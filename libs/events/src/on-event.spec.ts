import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { type PostCreated, PostCreatedSchema, type PostDeleted, PostDeletedSchema } from '@trellis/contracts/blog/v1';
import { OnEvent, eventHandlers } from './on-event.js';

class Base {
  readonly seen: string[] = [];

  @OnEvent(PostCreatedSchema)
  async created({ postId }: PostCreated): Promise<void> {
    this.seen.push(`created ${postId}`);
  }
}

class Derived extends Base {
  @OnEvent(PostDeletedSchema)
  async deleted({ postId }: PostDeleted): Promise<void> {
    this.seen.push(`deleted ${postId}`);
  }

  override async created({ postId }: PostCreated): Promise<void> {
    this.seen.push(`created again ${postId}`);
  }
}

const delivery = { id: '1', time: new Date(0), key: 'a', tx: { $executeRaw: async () => 0 } };

describe('OnEvent', () => {
  it('marks methods, which are found bound to their object, each once', async () => {
    const object = new Derived();
    for (const { schema, handle } of eventHandlers(object)) await handle(create(schema, { postId: 'x' }), delivery);
    expect(object.seen.sort()).toEqual(['created again x', 'deleted x']);
  });

  it('does not reach from a class up to its parent', () => {
    expect(eventHandlers(new Base()).map(({ schema }) => schema)).toEqual([PostCreatedSchema]);
  });

  it('finds nothing on an object without marks', () => {
    expect(eventHandlers({ created: () => undefined })).toEqual([]);
  });
});
