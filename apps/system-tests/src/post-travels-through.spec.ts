import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@trellis/testing';
import { type Person, logIn, newPerson, newPost, postCount } from './people.js';
import { at, call } from './platform.js';

describe('a post travels through the platform', () => {
  let ada: Person;
  let bob: Person;

  beforeAll(async () => {
    [ada, bob] = await Promise.all([newPerson(), newPerson()]);
  });

  it('is written, read, listed and changed by its author', async () => {
    const { id, etag } = await newPost(ada);
    expect(at((await call(`/v1/posts/${id}`, { token: ada.token })).body, 'authorId')).toBe(ada.id);
    const listed = await call(`/v1/posts?authorId=${ada.id}`, { token: ada.token });
    expect(at(listed.body, 'posts', '0', 'id')).toBe(id);
    const changed = await call(`/v1/posts/${id}`, { method: 'PATCH', token: ada.token, body: { title: 'New', etag } });
    expect([changed.status, at(changed.body, 'title'), at(changed.body, 'content')]).toEqual([200, 'New', 'Once']);
    const stale = await call(`/v1/posts/${id}`, { method: 'PATCH', token: ada.token, body: { title: 'Old', etag } });
    expect(stale.status).toBe(409);
  });

  it('is nobody else’s to change or delete', async () => {
    const { id } = await newPost(ada);
    const change = await call(`/v1/posts/${id}`, { method: 'PATCH', token: bob.token, body: { title: 'Mine' } });
    const removal = await call(`/v1/posts/${id}`, { method: 'DELETE', token: bob.token });
    expect([change.status, removal.status]).toEqual([403, 403]);
  });

  it('is counted by the user service when the event arrives, and taken off when it is deleted', async () => {
    const eve = await newPerson(); // whose earlier events cannot still be on their way
    const { id } = await newPost(eve);
    await eventually(async () => expect(await postCount(eve)).toBe(1));
    expect((await call(`/v1/posts/${id}`, { method: 'DELETE', token: eve.token })).status).toBe(200);
    await eventually(async () => expect(await postCount(eve)).toBe(0));
  });

  it('shows a person’s e-mail to that person only', async () => {
    const own = await call(`/v1/users/${ada.id}`, { token: ada.token });
    const other = await call(`/v1/users/${ada.id}`, { token: bob.token });
    expect([at(own.body, 'email'), at(other.body, 'email')]).toEqual([`${ada.username}@example.org`, undefined]);
    const change = await call(`/v1/users/${ada.id}`, { method: 'PATCH', token: bob.token, body: { displayName: 'X' } });
    expect(change.status).toBe(403);
  });

  it('cannot be written with a token that lacks the scope', async () => {
    const token = await logIn(ada, 'blog:read');
    const answer = await call('/v1/posts', { method: 'POST', token, body: { title: 'A', content: 'B' } });
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.body)).toContain('blog:write');
  });
});
