import type { Post, PostChanges } from './post.js';

export interface PostQuery {
  /** Only posts of this account; all when absent. */
  readonly authorId?: string;
  /** Only posts that are older than the one with this id. */
  readonly afterId?: string;
  readonly limit: number;
}

/** Where posts are kept. A change and its event happen together or not at all. */
export abstract class PostStore {
  /** Publishes PostCreated. */
  abstract create(draft: Pick<Post, 'title' | 'content' | 'authorId'>): Promise<Post>;

  abstract find(id: string): Promise<Post | undefined>;

  /** The newest first. */
  abstract list(query: PostQuery): Promise<Post[]>;

  /** Undefined when the post has gone, or is no longer of that version (when one is given). */
  abstract update(id: string, changes: PostChanges, version?: number): Promise<Post | undefined>;

  /** Publishes PostDeleted; false when somebody else was faster. */
  abstract remove(post: Post): Promise<boolean>;
}
