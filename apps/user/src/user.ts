import { alreadyExists, notFound, permissionDenied, unauthenticated } from '@trellis/errors';

/** Somebody who may log in. */
export interface User {
  readonly id: string;
  /** As its owner spelled it. */
  readonly username: string;
  /** PHC string. A secret: it leaves the service in no answer. */
  readonly passwordHash: string;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly postCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Null clears. */
export type UserChanges = Partial<Pick<User, 'email' | 'displayName'>>;

/** Two names that differ in case alone are one. The contract allows ASCII only, so lower case is all there is to it. */
export const usernameKey = (username: string): string => username.toLowerCase();

export const noSuchUser = () => notFound('There is no such user', { reason: 'USER_NOT_FOUND' });

export const usernameTaken = () => alreadyExists('The username is taken', { reason: 'USERNAME_TAKEN' });

export const wrongPassword = () =>
  unauthenticated('The username or the password is wrong', { reason: 'PASSWORD_INCORRECT' });

export function checkOwner(user: User, userId: string): void {
  if (user.id !== userId) {
    throw permissionDenied('Only its owner may change or delete an account', { reason: 'NOT_THE_OWNER' });
  }
}
