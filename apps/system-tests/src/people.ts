import { clientToken, userToken } from '@trellis/cli';
import { randomBytes } from 'node:crypto';
import { at, call, platform } from './platform.js';

/** A registered person with a token. */
export interface Person {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly token: string;
  /** Of the registration. */
  readonly traceId: string;
}

/** Registers somebody new and logs in, with all scopes unless told otherwise. */
export async function newPerson(scope?: string): Promise<Person> {
  const username = `story-${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const body = { username, password, email: `${username}@example.org` };
  const answer = await call('/v1/users', { method: 'POST', body });
  if (answer.status !== 200) throw new Error(`registering answered ${answer.status} ${JSON.stringify(answer.body)}`);
  const id = String(at(answer.body, 'id'));
  const traceId = answer.headers.get('x-trace-id') ?? '';
  return { id, username, password, traceId, token: await logIn({ username, password }, scope) };
}

export const logIn = (who: Pick<Person, 'username' | 'password'>, scope?: string): Promise<string> =>
  userToken(platform.gatewayUrl, { ...who, ...(scope !== undefined && { scope }) });

/** A token of the development client: no user. */
export const machineToken = (): Promise<string> => clientToken(platform.gatewayUrl, platform.clientsFile);

/** Writes a post. Returns the created one and the trace of the request. */
export async function newPost({ token }: Person): Promise<{ id: string; etag: string; traceId: string }> {
  const answer = await call('/v1/posts', { method: 'POST', token, body: { title: 'A story', content: 'Once' } });
  if (answer.status !== 200) throw new Error(`posting answered ${answer.status} ${JSON.stringify(answer.body)}`);
  return {
    id: String(at(answer.body, 'id')),
    etag: String(at(answer.body, 'etag')),
    traceId: answer.headers.get('x-trace-id') ?? '',
  };
}

/** How many posts the user service has counted for somebody. */
export async function postCount({ id, token }: Person): Promise<number> {
  const { body } = await call(`/v1/users/${id}`, { token });
  return Number(at(body, 'postCount') ?? 0);
}
