import { Injectable } from '@nestjs/common';
import { type Post, type PostChanges, checkAuthor, checkChanges, checkEtag, noSuchPost, staleEtag } from './post.js';
import { type PostQuery, PostStore } from './post.store.js';

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

  /** A page of posts, and whether there are more. */
  async list({ limit, ...query }: PostQuery): Promise<{ posts: Post[]; more: boolean }> {
    const posts = await this.store.list({ ...query, limit: limit + 1 });
    return { posts: posts.slice(0, limit), more: posts.length > limit };
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
