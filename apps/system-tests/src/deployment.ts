import { userToken } from '@trellis/cli';
import { type Answer, type RequestOptions, request } from '@trellis/demo';
import { Compose, type Project, run } from '@trellis/docker';
import { eventually } from '@trellis/testing';
import { randomBytes } from 'node:crypto';
import { at } from './platform.js';

interface Deployment {
  readonly project: Project;
  /** Megabytes of each image above its base. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Folder of its secrets. */
  readonly secrets: string;
  readonly network: string;
  readonly url: string;
  readonly jaegerUrl: string;
}

declare global {
  // What compose.setup.js started.
  var deployment: Deployment;
}

export const deployment = { ...globalThis.deployment, compose: new Compose(run) };

/** One request to the front. */
export const ask = (path: string, options?: RequestOptions): Promise<Answer> => request(deployment.url + path, options);

/** Somebody with a token and a post. */
export interface Author {
  readonly id: string;
  readonly token: string;
  readonly postId: string;
}

export async function newAuthor(): Promise<Author> {
  const [username, password] = [`story-${randomBytes(6).toString('hex')}`, randomBytes(12).toString('hex')];
  const user = await ask('/v1/users', {
    method: 'POST',
    body: { username, password, email: `${username}@example.org` },
  });
  const token = await userToken(deployment.url, { username, password });
  const post = await newPost(token);
  return { id: String(at(user.body, 'id')), token, postId: String(at(post.body, 'id')) };
}

export const newPost = (token: string): Promise<Answer> =>
  ask('/v1/posts', { method: 'POST', token, body: { title: 'A story', content: 'Once' } });

/** Waits until everything runs and works: a new person registers, logs in and posts, and the event arrives. */
export async function whole(withinMs: number): Promise<void> {
  await eventually(async () => {
    const missing = (await containers()).filter(
      ({ State, Health }) => State !== 'running' || !/^(healthy|)$/.test(Health),
    );
    if (missing.length > 0) throw new Error(`not healthy: ${missing.map(({ Name }) => Name).join(', ')}`);
  }, withinMs);
  await eventually(async () => {
    const { id, token } = await newAuthor();
    await eventually(async () => {
      const { body } = await ask(`/v1/users/${id}`, { token });
      if (at(body, 'postCount') !== 1) throw new Error('the event has not arrived');
    }, withinMs);
  }, withinMs);
}

export interface Container {
  readonly ID: string;
  readonly Name: string;
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
}

/** The deployment's containers, whatever their state. */
export async function containers(): Promise<readonly Container[]> {
  const text = await deployment.compose.ask('ps', '--all', '--format', 'json');
  const lines = text.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Container).toSorted((a, b) => a.Name.localeCompare(b.Name));
}
