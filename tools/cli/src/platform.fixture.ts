import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the stand-in does; a spec changes it. */
export interface Behaviour {
  /** Status of the answer to the login form, when not a redirect. */
  loginStatus?: number;
  /** `iss` and `state` of the callback, and where it leads. */
  issuer?: string;
  state?: string;
  leadsTo?: string;
  /** Whether something else listens there. */
  noProvider?: boolean;
  /** The whole query of the callback. */
  callback?: string;
  /** Scopes that a token gets; those that were asked for when absent. */
  granted?: string;
  token?: string;
  /** Events of a rollout; one that goes well when absent. */
  rollout?: readonly object[];
}

export interface FakePlatform {
  readonly url: string;
  readonly behaviour: Behaviour;
  /** Forms that the token endpoint got, with the Authorization header. */
  readonly tokenRequests: Record<string, string>[];
  /** What the registry was asked, as "METHOD PATH" with the token or the last event id behind it. */
  readonly asked: string[];
  /** Bodies of the orders that the launcher got. */
  readonly orders: unknown[];
  /** Sends an event to whoever watches. */
  tell(id: string, event: object): void;
  /** Ends the streams of all who watch. */
  hangUp(): void;
  stop(): Promise<void>;
}

const HASH = { old: 'ab12'.padEnd(64, '0'), next: 'ab34'.padEnd(64, '0') };
const CONTRACTS = {
  contracts: [
    { service: 'blog', hash: HASH.next, versions: ['0.2.0'], instances: 1, methods: 6, pending: ['GetPost is gone'] },
    { service: 'blog', hash: HASH.old, versions: ['0.1.0'], instances: 2, methods: 7, routes: ['GET /v1/posts'] },
  ],
};
const SERVICES = {
  services: [{ name: 'blog', instances: 2, serving: 1, versions: ['0.1.0'], grpcServices: ['t.Blog'] }],
};
const INSTANCES = {
  instances: [
    {
      id: 'blog-1',
      service: 'blog',
      version: '0.1.0',
      address: '127.0.0.1:5000',
      state: 'STATE_SERVING',
      metadata: { pid: '77' },
    },
  ],
};

/** What a gateway says of its routes. */
const ROUTE = {
  source: 'file',
  host: 'blog.example.com',
  method: 'GET',
  path: '/get_post',
  conditions: ['header x-canary is "yes"'],
  target: 'method t.Blog/GetPost',
  policies: [
    { name: 'requestId', from: 'defaults' },
    { name: 'timeout', settings: 2000, from: 'route' },
  ],
};
const ROUTES = {
  file: {
    path: 'gateway.yaml',
    loadedAt: 0,
    problem: { since: 0, faults: ['gateway.yaml:3 routes.0: has no target'] },
  },
  complete: true,
  routes: [ROUTE, { ...ROUTE, host: undefined, path: '/x', problem: 'blog 0.1.0 has no t.Blog/GetX\u001b[2J' }],
};
const EXPLANATION = {
  route: ROUTE,
  variables: { id: '7' },
  upstream: { strategy: 'random', instances: [{ id: 'blog-1', address: '127.0.0.1:5000', version: '0.1.0' }] },
  others: [{ route: { ...ROUTE, path: '/**' }, why: 'fits too, but its path is less specific' }],
};

const ROLLOUT = [
  { step: 'starting', instance: 'blog-1', next: 'blog-1.2' },
  { step: 'replaced', instance: 'blog-1', next: 'blog-1.2', seconds: 2 },
  { step: 'done', replaced: 1, seconds: 2.1 },
];

/** Gateway, provider, registry and launcher in one, as far as the command line sees them: one cookie, one page, one code. */
export async function fakePlatform(): Promise<FakePlatform> {
  const behaviour: Behaviour = {};
  const tokenRequests: Record<string, string>[] = [];
  const requests: string[] = [];
  const orders: unknown[] = [];
  const watching = new Set<ServerResponse>();
  let asked = new URLSearchParams();
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const sent = await text(request);
    const body = new URLSearchParams(sent);
    const json = (value: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    const redirect = (location: string) => response.writeHead(303, { location }).end();
    const known = request.headers.cookie === 'interaction=1';
    const { authorization, 'last-event-id': lastEvent } = request.headers;
    requests.push([`${request.method} ${request.url}`, authorization ?? lastEvent ?? ''].join(' ').trimEnd());
    switch (pathname) {
      case '/.well-known/openid-configuration':
        if (behaviour.noProvider) return void json({});
        return void json({ issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` });
      case '/auth':
        asked = searchParams;
        response.setHeader('set-cookie', 'interaction=1; Path=/page; HttpOnly');
        return void redirect('/page');
      case '/page':
        if (!known) return void response.writeHead(400).end();
        if (request.method === 'GET') return void response.end('<form method="post">');
        if (body.get('password') !== 'right') return void response.writeHead(401).end();
        if (behaviour.loginStatus) return void response.writeHead(behaviour.loginStatus, { 'retry-after': '7' }).end();
        return void redirect('/resume');
      case '/resume': {
        const query = new URLSearchParams({ code: 'the-code', state: behaviour.state ?? asked.get('state') ?? '' });
        query.set('iss', behaviour.issuer ?? url);
        return void redirect(`${behaviour.leadsTo ?? asked.get('redirect_uri')}?${behaviour.callback ?? query}`);
      }
      case '/token': {
        const challenge = createHash('sha256')
          .update(body.get('code_verifier') ?? '')
          .digest('base64url');
        tokenRequests.push({ ...Object.fromEntries(body), authorization: request.headers.authorization ?? '' });
        const wrong = body.get('grant_type') === 'authorization_code' && challenge !== asked.get('code_challenge');
        const scope = behaviour.granted ?? body.get('scope') ?? asked.get('scope');
        const token = { access_token: behaviour.token ?? 'the-token', ...(scope && { scope }) };
        return void json(wrong ? { error: 'invalid_grant' } : token, wrong ? 400 : 200);
      }
      case '/rollout':
        orders.push(JSON.parse(sent));
        return void response.end((behaviour.rollout ?? ROLLOUT).map((event) => `${JSON.stringify(event)}\n`).join(''));
      case '/v1/services':
        return void json(SERVICES);
      case '/v1/services/gateway/instances': {
        const [instance] = INSTANCES.instances;
        const admin = new URL(url).host;
        return void json({ instances: [{ ...instance, id: 'gateway', service: 'gateway', metadata: { admin } }] });
      }
      case '/routes':
        if (searchParams.get('url') === '/nowhere') return void json({ refused: 404, others: [] });
        return void json(searchParams.has('url') ? EXPLANATION : ROUTES);
      case '/v1/services/blog/instances':
        return void json(INSTANCES);
      case '/v1/contracts':
        return void json(CONTRACTS);
      case `/v1/contracts/${HASH.next}:approve`:
        return void json({ contract: { ...CONTRACTS.contracts[0], pending: [] } });
      case '/v1/services/blog/instances/blog-1:drain':
        return void json({ instance: { ...INSTANCES.instances[0], state: 'STATE_DRAINING' } });
      case '/v1/services/blog/instances/blog-1:undrain':
        return void json({ instance: INSTANCES.instances[0] });
      case '/v1/instances:watch':
      case '/v1/services/blog/instances:watch':
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        watching.add(response);
        return void response.on('close', () => watching.delete(response));
      default:
        return void json({ title: 'Not found', detail: 'No instance of it has been seen' }, 404);
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour,
    tokenRequests,
    asked: requests,
    orders,
    tell: (id, event) => {
      for (const response of watching) response.write(`id: ${id}\ndata: ${JSON.stringify(event)}\n\n`);
    },
    hangUp: () => {
      for (const response of watching) response.end();
    },
    stop: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
