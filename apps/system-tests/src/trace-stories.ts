import { type Person, newPerson, newPost } from './people.js';
import { call } from './platform.js';

/** What makes a trace by each of the contracts in `libs/contracts/traces`: resolves with the id of the trace. */
export function traceStories(somebody: () => Person): Readonly<Record<string, () => Promise<string>>> {
  const ask = async (path: string, method = 'GET', body?: unknown): Promise<string> => {
    const { headers } = await call(path, { method, token: somebody().token, ...(body !== undefined && { body }) });
    return headers.get('x-trace-id') ?? '';
  };
  const aPost = async (): Promise<string> => `/v1/posts/${(await newPost(somebody())).id}`;
  return {
    'create-post': async () => (await newPost(somebody())).traceId,
    'read-post': async () => ask(await aPost()),
    'change-post': async () => ask(await aPost(), 'PATCH', { title: 'Another story' }),
    'delete-post': async () => ask(await aPost(), 'DELETE'),
    'no-such-post': () => ask('/v1/posts/none'),
    'create-user': async () => (await newPerson()).traceId,
    'read-user': () => ask(`/v1/users/${somebody().id}`),
    'openid-configuration': () => ask('/.well-known/openid-configuration'),
  };
}
