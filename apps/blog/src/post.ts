import { aborted, invalidArgument, notFound, permissionDenied } from '@trellis/errors';

/** What a person has written. */
export interface Post {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  /** The account that wrote it. */
  readonly authorId: string;
  /** Grows by one with every write. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type PostChanges = Partial<Pick<Post, 'title' | 'content'>>;

/** Changes with every write; says nothing that a caller should rely on. */
export const etagOf = ({ version }: Pick<Post, 'version'>): string => `v${version.toString(36)}`;

export const noSuchPost = () => notFound('There is no such post', { reason: 'POST_NOT_FOUND' });

export const staleEtag = () =>
  aborted('The post has changed since it was read: read it again and repeat the change', { reason: 'ETAG_STALE' });

/** An absent etag asks for no protection. */
export function checkEtag(post: Post, etag: string): void {
  if (etag !== '' && etag !== etagOf(post)) throw staleEtag();
}

export function checkAuthor(post: Post, userId: string): void {
  if (post.authorId !== userId) {
    throw permissionDenied('Only its author may change or delete a post', { reason: 'NOT_THE_AUTHOR' });
  }
}

/** What a new post must have, a changed one may not lose. */
export function checkChanges(changes: PostChanges): void {
  const emptied = Object.entries(changes).filter(([, text]) => text === '');
  if (emptied.length > 0) {
    throw invalidArgument(
      emptied.map(([name]) => ({ field: `post.${name}`, description: 'a post cannot be without it' })),
    );
  }
}
