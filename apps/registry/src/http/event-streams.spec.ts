import { type ClientRequest, type IncomingMessage, get } from 'node:http';
import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceSchema, State } from '@trellis/contracts/registry/v1';
import { eventually } from '@trellis/testing';
import { HttpRegistry } from '../registry.http.fixture.js';

let registry: HttpRegistry;
const clients: ClientRequest[] = [];
beforeEach(async () => {
  registry = await new HttpRegistry({ beat: 20 }).open();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await registry.close();
});

interface Event {
  readonly id: string;
  readonly data: { readonly revision?: string; readonly snapshot?: { instances?: { id: string }[] } } & Record<
    string,
    unknown
  >;
}

/** One follower; what it has read so far. */
class Follower {
  text = '';
  ended = false;
  response: IncomingMessage | undefined;

  get events(): Event[] {
    const blocks = this.text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => !block.startsWith(':'));
    return blocks.map((block) => {
      const [, id = '', data = ''] = /^id: (.*)\ndata: (.*)$/.exec(block) ?? [];
      return { id, data: JSON.parse(data) as Event['data'] };
    });
  }

  /** What each event is, such as "joined". */
  get kinds(): string[] {
    return this.events.map(({ data }) => Object.keys(data).find((key) => key !== 'epoch' && key !== 'revision') ?? '');
  }
}

function follow(path = '/v1/services/blog/instances:watch', headers: Record<string, string> = {}): Promise<Follower> {
  return new Promise((resolve, reject) => {
    const follower = new Follower();
    const request = get(registry.url + path, { headers, agent: false }, (response) => {
      follower.response = response;
      response.setEncoding('utf8');
      response.on('data', (text: string) => (follower.text += text));
      response.on('end', () => (follower.ended = true));
      response.on('error', () => (follower.ended = true));
      resolve(follower);
    });
    request.on('error', reject);
    clients.push(request);
  });
}

let session = 0;
function announce(id: string, more: object = {}): void {
  session += 1;
  const instance = create(InstanceSchema, {
    id,
    service: 'blog',
    address: `h:${session}`,
    state: State.SERVING,
    ...more,
  });
  registry.registry.apply({ kind: 'announce', session, instance });
}

describe('a watch over server-sent events', () => {
  it('begins with a snapshot and tells every change in order, each with its place', async () => {
    announce('blog-1');
    const follower = await follow();
    expect(follower.response?.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    await eventually(() => expect(follower.kinds).toEqual(['snapshot']));
    announce('blog-2');
    registry.registry.apply({ kind: 'leave', session });
    announce('other', { service: 'user' });
    await eventually(() => expect(follower.kinds).toEqual(['snapshot', 'joined', 'left']));
    expect(follower.events.map(({ id }) => id)).toEqual(['e1:1', 'e1:2', 'e1:3']);
    expect(follower.events[0]?.data.snapshot?.instances).toMatchObject([{ id: 'blog-1' }]);
  });

  it('can be of all services', async () => {
    const follower = await follow('/v1/instances:watch');
    announce('user-1', { service: 'user' });
    await eventually(() => expect(follower.kinds).toEqual(['snapshot', 'joined']));
  });

  it('goes on after the last event that the client has seen', async () => {
    announce('blog-1');
    announce('blog-2');
    const follower = await follow(undefined, { 'last-event-id': 'e1:1' });
    await eventually(() => expect(follower.kinds).toEqual(['resumed', 'joined']));
    expect(follower.events.at(-1)?.id).toBe('e1:2');
    const asked = await follow('/v1/services/blog/instances:watch?epoch=e1&revision=2');
    await eventually(() => expect(asked.kinds).toEqual(['resumed']));
  });

  it.each(['e0:1', 'e1:99', 'nonsense', 'e1:-1', `e1:${'9'.repeat(40)}`])(
    'begins anew after %s, which is no place in its history',
    async (id) => {
      announce('blog-1');
      const follower = await follow(undefined, { 'last-event-id': id });
      await eventually(() => expect(follower.kinds).toEqual(['snapshot']));
    },
  );

  it('gives signs of life while nothing happens', async () => {
    const follower = await follow();
    await eventually(() => expect(follower.text).toMatch(/(:\n\n){2}/));
  });

  it('answers HEAD without a stream', async () => {
    const response = await fetch(`${registry.url}/v1/instances:watch`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });

  it('ends when the registry does, and takes nobody new', async () => {
    const follower = await follow();
    registry.drain();
    await eventually(() => expect(follower.ended).toBe(true));
    expect(await registry.ask('GET', '/v1/instances:watch')).toMatchObject({
      status: 503,
      body: { reason: 'DRAINING' },
    });
  });
});

describe('a flood of watchers', () => {
  it('from one address is refused, until some of them go', async () => {
    await Promise.all(Array.from({ length: 64 }, () => follow()));
    const refused = await registry.ask('GET', '/v1/instances:watch');
    expect(refused).toMatchObject({ status: 429, body: { reason: 'TOO_MANY_STREAMS' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    clients[0]?.destroy();
    await eventually(async () => expect((await follow()).response?.statusCode).toBe(200));
  });

  it('that reads nothing costs one place each, and who reads again is brought up to date', async () => {
    const slow = await follow();
    const quick = await follow();
    await eventually(() => expect(slow.kinds).toEqual(['snapshot']));
    slow.response?.pause();
    const metadata = { note: 'x'.repeat(8_000) };
    for (let round = 0; round < 40; round += 1) {
      for (let each = 0; each < 50; each += 1)
        announce(`blog-${each}`, { metadata: { ...metadata, round: String(round) } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const revision = String(registry.registry.catalogue.revision);
    await eventually(() => expect(quick.events.at(-1)?.data.revision).toBe(revision));
    slow.response?.resume();
    await eventually(() => expect(slow.ended || slow.events.at(-1)?.data.revision === revision).toBe(true));
  });

  it('that never reads is cut off', async () => {
    const stuck = await follow();
    stuck.response?.pause();
    for (let round = 0; round < 800; round += 1) {
      announce(`blog-${round}`, { metadata: { note: 'x'.repeat(15_000), round: String(round) } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => expect(registry.streams.size).toBe(0));
    stuck.response?.resume();
    await eventually(() => expect(stuck.ended).toBe(true));
  });
});
