import type { User, UserChanges } from './user.js';

export interface UserQuery {
  /** Only accounts that are older than the one with this id. */
  readonly afterId?: string;
  readonly limit: number;
}

export type NewUser = Pick<User, 'username' | 'passwordHash' | 'email' | 'displayName'>;

/** Where accounts are kept. A change and its event happen together or not at all. */
export abstract class UserStore {
  /** Publishes UserCreated. Undefined when the username is taken. */
  abstract create(user: NewUser): Promise<User | undefined>;

  abstract find(id: string): Promise<User | undefined>;

  abstract findByUsername(username: string): Promise<User | undefined>;

  /** The newest first. */
  abstract list(query: UserQuery): Promise<User[]>;

  /** Undefined when the account has gone. */
  abstract update(id: string, changes: UserChanges): Promise<User | undefined>;

  /** Publishes UserDeleted; false when somebody else was faster. */
  abstract remove(id: string): Promise<boolean>;
}
