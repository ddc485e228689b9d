import { Injectable } from '@nestjs/common';
import { type Post, type PostChanges, checkAuthor, checkChanges, checkEtag, noSuchPost, staleEtag } from './post.js';
import { type PostQuery, PostStore } from './post.store.js';

/** Bytes of the texts on one page. A post may have 400 kB of them, and gRPC takes 4 MiB of a message by default. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/** What can be done with posts. */
@Injectable()
export class Posts {
  constructor(private readonly store: PostStore) {}

  write(authorId: string, title: string, content: string): Promise<Post> {
    return this.store.create({ authorId, title, content });
  }

  async read(id: string): Promise<Post> {
    const post = await this.store.find(id);
    if (!post) throw noSuchPost();
    return post;
  }

  /** A page of posts, and whether there are more. It is shorter than asked for where the posts are long. */
  async list({ limit, ...query }: PostQuery): Promise<{ posts: Post[]; more: boolean }> {
    const found = await this.store.list({ ...query, limit: limit + 1 });
    const posts = fitting(found.slice(0, limit));
    return { posts, more: found.length > posts.length };
  }

  /** With an etag, only if the post is still as it was read. */
  async change(userId: string, id: string, changes: PostChanges, etag: string): Promise<Post> {
    const post = await this.read(id);
    checkAuthor(post, userId);
    checkEtag(post, etag);
    checkChanges(changes);
    if (Object.keys(changes).length === 0) return post;
    const changed = await this.store.update(id, changes, etag === '' ? undefined : post.version);
    if (changed) return changed;
    await this.read(id); // gone meanwhile, or changed?
    throw staleEtag();
  }

  async remove(userId: string, id: string): Promise<void> {
    const post = await this.read(id);
    checkAuthor(post, userId);
    if (!(await this.store.remove(post))) throw noSuchPost();
  }
}

/** As many from the front as a page has room for, and one at least. */
function fitting(posts: readonly Post[]): Post[] {
  let bytes = 0;
  const over = posts.findIndex(({ title, content }, index) => {
    bytes += Buffer.byteLength(title) + Buffer.byteLength(content);
    return index > 0 && bytes > MAX_PAGE_BYTES;
  });
  return over < 0 ? [...posts] : posts.slice(0, over);
}
