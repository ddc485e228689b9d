import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Control, type Orders, openControl } from './control.js';
import type { RolloutOptions } from './rollout/rollout.js';

describe('the control port', () => {
  let control: Control;
  let asked: Omit<RolloutOptions, 'tell'>[];
  let rollout: Orders['rollout'];
  beforeEach(async () => {
    asked = [];
    rollout = async ({ tell, ...options }) => {
      asked.push(options);
      tell?.({ step: 'starting', instance: 'blog-1', next: 'blog-1.2' });
      tell?.({ step: 'done', replaced: 1, seconds: 2 });
    };
    control = await openControl({ rollout: (options) => rollout(options) });
  });
  afterEach(() => control.close());

  const post = (body: string, secret = control.secret, path = '/rollout') =>
    fetch(control.url + path, { method: 'POST', body, headers: { authorization: `Bearer ${secret}` } });

  it('passes an order on, and tells what happens a line at a time', async () => {
    const answer = await post('{"names":["blog"],"bakeMs":5}');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(
      (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([{ step: 'starting', next: 'blog-1.2' }, { step: 'done' }]);
    expect(asked).toEqual([{ names: ['blog'], bakeMs: 5 }]);
  });

  it('tells why a rollout did not begin, and how one ended that failed', async () => {
    rollout = () => Promise.reject(new Error('Nothing is called mailer'));
    const refused = await post('{"names":["mailer"]}');
    expect([refused.status, await refused.json()]).toEqual([400, { problem: 'Nothing is called mailer' }]);
    rollout = async ({ tell }) => {
      tell?.({ step: 'failed', reason: 'no database', replaced: [] });
      throw new Error('no database');
    };
    expect(await (await post('')).text()).toBe('{"step":"failed","reason":"no database","replaced":[]}\n');
  });

  it.each([
    ['another secret', 401, () => post('{}', 'x'.repeat(43))],
    ['no secret', 401, () => fetch(`${control.url}/rollout`, { method: 'POST' })],
    ['another path', 404, () => post('{}', control.secret, '/stop')],
    ['what is no JSON', 400, () => post('{')],
    ['a time that is none', 400, () => post('{"bakeMs":-1}')],
  ])('refuses %s with %d', async (_case, status, ask) => {
    expect((await ask()).status).toBe(status);
    expect(asked).toEqual([]);
  });
});
