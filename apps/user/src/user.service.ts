import { Injectable } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.js';
import { type User, type UserChanges, checkOwner, noSuchUser, usernameTaken, wrongPassword } from './user.js';
import { type UserQuery, UserStore } from './user.store.js';

export type Registration = Pick<User, 'username' | 'email' | 'displayName'> & { readonly password: string };

/** What can be done with accounts. */
@Injectable()
export class Users {
  constructor(
    private readonly store: UserStore,
    private readonly passwords: PasswordHasher,
  ) {}

  async register({ password, ...profile }: Registration, signal: AbortSignal): Promise<User> {
    if (await this.store.findByUsername(profile.username)) throw usernameTaken(); // spares the hashing
    const passwordHash = await this.passwords.hash(password, signal);
    const user = await this.store.create({ ...profile, passwordHash });
    if (!user) throw usernameTaken();
    return user;
  }

  async read(id: string): Promise<User> {
    const user = await this.store.find(id);
    if (!user) throw noSuchUser();
    return user;
  }

  /** A page of accounts, and whether there are more. */
  async list({ limit, ...query }: UserQuery): Promise<{ users: User[]; more: boolean }> {
    const users = await this.store.list({ ...query, limit: limit + 1 });
    return { users: users.slice(0, limit), more: users.length > limit };
  }

  async change(userId: string, id: string, changes: UserChanges): Promise<User> {
    const user = await this.read(id);
    checkOwner(user, userId);
    if (Object.keys(changes).length === 0) return user;
    const changed = await this.store.update(id, changes);
    if (!changed) throw noSuchUser();
    return changed;
  }

  async remove(userId: string, id: string): Promise<void> {
    checkOwner(await this.read(id), userId);
    if (!(await this.store.remove(id))) throw noSuchUser();
  }

  /** The account whose name and password these are. No such account and a wrong password are told apart by nothing. */
  async verifyPassword(username: string, password: string, signal: AbortSignal): Promise<User> {
    const user = await this.store.findByUsername(username);
    const matches = await this.passwords.matches(password, user?.passwordHash, signal);
    if (!user || !matches) throw wrongPassword();
    return user;
  }
}
