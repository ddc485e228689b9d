import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConfigFile } from '@trellis/config-file';
import { ServiceError } from '@trellis/errors';
import { gatewayFile } from '../../file/gateway-file.js';
import { problemOf } from '../test-gateway.fixture.js';
import type { Exchange } from '../exchange.js';
import { addressKey } from './address-key.js';
import { limitPerAddress } from './limit-per-address.js';
import { limitPerCaller } from './limit-per-caller.js';
import type { Policy, RouteFacts, Scope, Tools } from './policy.js';
import { ShopGateway } from './shop-gateway.fixture.js';

const kept = new Map<string, unknown>();
const tools = {
  keep: <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as T;
  },
} as Tools;

const route = (id: string): RouteFacts => ({ name: id, id, httpMethod: 'GET', service: 'shop', access: undefined });

interface Asked {
  readonly at?: number;
  readonly from?: string;
  readonly subject?: string;
  readonly headers?: Record<string, string>;
}

/** Asks one after the other, at so many milliseconds. What they are told, and whether they were let in. */
function asking<Settings>(policy: Policy<Settings>, settings: Settings, id: string, scope: Scope = 'route') {
  const step = policy.prepare(settings, route(id), tools, scope);
  return ({ at = 0, from = '192.0.2.1', subject, headers = {} }: Asked = {}) => {
    const told: string[] = [];
    const exchange = {
      began: at,
      clientAddress: from,
      caller: subject === undefined ? undefined : { subject },
      request: { headers },
      promise: (name: string, value: string) => void told.push(`${name}: ${value}`),
    } as unknown as Exchange;
    try {
      void step?.request?.(exchange);
      return { ok: true, told };
    } catch (error) {
      return { ok: false, told, error: ServiceError.from(error) };
    }
  };
}

describe('a limit', () => {
  it('tells what it is, what is left of it, and when there is one more', () => {
    const ask = asking(limitPerAddress, { requests: 100, per: 60_000, burst: 2 }, 'tells');
    expect(ask()).toEqual({
      ok: true,
      told: ['ratelimit-policy: "address";q=100;w=60', 'ratelimit: "address";r=1;t=1'],
    });
    expect(ask().told[1]).toBe('ratelimit: "address";r=0;t=1');
    const refused = ask();
    expect(refused.told[1]).toBe('ratelimit: "address";r=0;t=1');
    expect(refused.error).toMatchObject({ reason: 'RATE_LIMITED', retryAfter: 1, metadata: { limit: 'address' } });
    expect([ask({ at: 599 }).ok, ask({ at: 600 }).ok]).toEqual([false, true]);
  });

  it('says how long to wait in whole seconds, never too short', () => {
    const ask = asking(limitPerAddress, { requests: 2, per: 60_000, burst: 1 }, 'waits');
    ask();
    expect(ask({ at: 1 }).error?.retryAfter).toBe(30);
    expect(ask({ at: 1_000 }).told[1]).toBe('ratelimit: "address";r=0;t=29');
  });

  it('for less than a second is told for a whole one', () => {
    const ask = asking(limitPerAddress, { requests: 5, per: 100 }, 'short');
    expect(ask().told).toEqual(['ratelimit-policy: "address";q=50;w=1', 'ratelimit: "address";r=4;t=1']);
  });

  it('of the defaults counts over all routes, and a route’s own for that route', () => {
    const one = { requests: 1, per: 60_000 };
    const [all, allToo] = ['a', 'b'].map((id) => asking(limitPerAddress, one, id, 'defaults'));
    const [own, ownToo] = ['a', 'b'].map((id) => asking(limitPerAddress, one, id));
    expect([all, allToo, own, ownToo].map((ask) => ask?.().ok)).toEqual([true, false, true, true]);
  });

  it('survives a new table, and begins anew when its numbers change', () => {
    const asks = (requests: number) => asking(limitPerAddress, { requests, per: 60_000 }, 'kept');
    expect([asks(1)().ok, asks(1)().ok, asks(2)().ok]).toEqual([true, false, true]);
  });
});

describe('a limit per address', () => {
  it('takes a /64 for one, and knows others apart', () => {
    const ask = asking(limitPerAddress, { requests: 1, per: 60_000 }, 'networks');
    const from = ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1', '192.0.2.1', '192.0.2.2'];
    expect(from.map((address) => ask({ from: address }).ok)).toEqual([true, false, true, true, true]);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['2001:db8::', '2001:db8:0:0'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8:1::1', '2001:db8:1:0'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
    ['2001:db8:1:2:3::', '2001:db8:1:2'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['1::2:3:4:5:6:7', '1:0:2:3'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0'],
    ['', ''],
  ])('%j counts as %j', (address, key) => expect(addressKey(address)).toBe(key));
});

describe('a limit per caller', () => {
  const one = { requests: 1, per: 60_000 };

  it('goes by the subject of the token, wherever it comes from', () => {
    const ask = asking(limitPerCaller, one, 'subjects');
    expect(
      [
        { subject: 'ada', from: '192.0.2.1' },
        { subject: 'ada', from: '192.0.2.2' },
        { subject: 'bob', from: '192.0.2.1' },
      ].map((each) => ask(each).ok),
    ).toEqual([true, false, true]);
  });

  it('goes by a header where it names one, of which only a digest is kept', () => {
    const ask = asking(limitPerCaller, { ...one, header: 'x-api-key' }, 'keys');
    const key = (value: string) => ({ headers: { 'x-api-key': value } });
    expect([key('secret-1'), key('secret-1'), key('secret-2')].map((each) => ask(each).ok)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('goes by the address of who is neither, and takes no name for one', () => {
    const ask = asking(limitPerCaller, one, 'unknown');
    expect([ask().ok, ask().ok, ask({ subject: '192.0.2.1' }).ok]).toEqual([true, false, true]);
    expect(ask().told[0]).toBe('ratelimit-policy: "anonymous";q=1;w=60');
  });
});

describe('on a gateway', () => {
  const shop = new ShopGateway();
  beforeAll(() =>
    shop.start(
      `
defaults: { limitPerAddress: { requests: 1000 }, limitPerCaller: { requests: 2, per: 60s } }
routes:
  - { path: /shop/**, service: shop, limitPerCaller: false, limitPerAddress: { requests: 1, per: 60s } }
`,
      { p1: { id: 'p1', title: 'First' } },
    ),
  );
  afterAll(() => shop.stop());

  it('an address has spent its own before anybody looks at its token', async () => {
    expect((await shop.get('/shop/x', { authorization: 'Bearer nonsense' })).status).toBe(200);
    const { status, headers, body } = await shop.get('/shop/x', { authorization: 'Bearer nonsense' });
    expect([status, headers['retry-after'], headers['ratelimit']]).toEqual([429, '60', '"address";r=0;t=60']);
    expect(JSON.parse(body.toString())).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'RATE_LIMITED',
      metadata: { limit: 'address' },
    });
  });

  it('a caller has spent his own after his token was verified', async () => {
    const authorization = `Bearer ${await shop.gateway.issuer.token({ sub: 'eve' })}`;
    const call = () => shop.gateway.fetch('/v1/posts/p1', { headers: { authorization } });
    expect([(await call()).status, (await call()).status]).toEqual([200, 200]);
    const refused = await call();
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=99\d;t=1, "caller";r=0;t=30$/);
    expect(await problemOf(refused)).toMatchObject({ status: 429, metadata: { limit: 'caller' } });
    expect((await shop.gateway.fetch('/v1/posts/p1', { headers: { authorization: 'Bearer x' } })).status).toBe(401);
    expect((await shop.gateway.fetch('/v1/posts/p1')).status).toBe(200); // somebody else
  });
});

it.each(['{ requests: 0 }', '{ requests: 1.5 }', '{ per: 1s }', '{ requests: 1, burst: 0 }', '{ requests: 1, x: 1 }'])(
  'a file with %s is refused',
  (limit) => {
    const text = `defaults: { limitPerAddress: ${limit} }`;
    expect(() => parseConfigFile(gatewayFile, text, 'gateway.yaml')).toThrow(/limitPerAddress/);
  },
);
