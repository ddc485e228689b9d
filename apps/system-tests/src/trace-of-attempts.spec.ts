import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readTrace, traceTree } from '@trellis/demo';
import { type DevJaeger, startDevJaeger } from '@trellis/dev-jaeger';
import { eventually } from '@trellis/testing';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { SimInstance } from './sim-instance.js';
import { World } from './world.js';

let jaeger: DevJaeger;
let world: World;
let gateway: string;
let bad: SimInstance;
let legacy: Server;

type Tree = ReturnType<typeof traceTree>;
type Node = Tree['roots'][number];

const tagOf = ({ span }: Node, key: string): unknown => span.tags.find((tag) => tag.key === key)?.value;
/** "gateway client", and below it what it has caused. */
const shape = (node: Node): unknown => {
  const own = `${node.service} ${String(tagOf(node, 'span.kind'))}`;
  return node.children.length === 0 ? own : [own, ...node.children.map(shape)];
};

/** The one tree of a trace, as soon as it is `whole`. */
const treeOf = (traceId: string, whole: (root: Node) => boolean, withinMs = 10_000): Promise<Node> =>
  eventually(async () => {
    const trace = await readTrace(jaeger.jaegerUrl, traceId);
    const { roots, orphans } = traceTree(trace ?? { traceID: traceId, spans: [], processes: {} });
    expect([roots.length, orphans]).toEqual([1, []]);
    const [root] = roots;
    if (!root || !whole(root)) throw new Error(`the trace is not whole: ${JSON.stringify(roots.map(shape))}`);
    return root;
  }, withinMs);

/**
 * A service whose tracing is Zipkin's of old: of all headers it hands on those that begin with x-b3, and knows no other. It
 * calls back into the platform.
 */
const knowsB3Alone = (callBack: (b3: Record<string, string>) => Promise<Response>) =>
  createServer(({ headers }: IncomingMessage, response) => {
    const b3 = Object.entries(headers).filter(([name]) => name.startsWith('x-b3-')) as [string, string][];
    callBack(Object.fromEntries(b3)).then(
      ({ status }) => response.writeHead(status).end(),
      () => response.writeHead(500).end(),
    );
  });

describe('the trace of a request', () => {
  beforeAll(async () => {
    jaeger = await startDevJaeger();
    world = await World.start({}, jaeger.otlpUrl);
    const file = join(world.folder, 'gateway.yaml');
    writeFileSync(file, 'trusted: [127.0.0.0/8, "::1/128"]\nupstreams:\n  plain: { b3: multi }\n');
    [gateway, bad] = await Promise.all([
      world.gateway({ GATEWAY_FILE: file }),
      world.sim({ name: 'bad' }),
      world.sim({ name: 'good' }),
    ]);
    await bad.behave({ failing: 100 });
  });
  afterAll(async () => {
    legacy?.close();
    await world?.stop();
    await jaeger?.stop();
  });

  it('that was retried shows each attempt: whom it asked, how that ended, and why another one', async () => {
    const shapes = ['gateway server', ['gateway client', 'sim server'], ['gateway client', 'sim server']];
    const root = await eventually(async () => {
      const { status, headers } = await fetch(`${gateway}/v1/sim/work`);
      expect(status).toBe(200);
      // Whoever met the good instance at once asks again.
      return treeOf(headers.get('x-trace-id') ?? '', (tree) => isDeepStrictEqual(shape(tree), shapes), 1_500);
    }, 60_000);
    const told = root.children.map((attempt) =>
      ['trellis.attempt', 'trellis.instance', 'rpc.status_code', 'trellis.attempt.reason', 'error.type'].map((key) =>
        tagOf(attempt, key),
      ),
    );
    expect(told).toEqual([
      [1, 'bad', 'UNAVAILABLE', undefined, 'UNAVAILABLE'],
      [2, 'good', 'OK', 'UNAVAILABLE', undefined],
    ]);
  });

  it('goes on through a service that knows B3 alone and calls back', async () => {
    await bad.behave({});
    legacy = knowsB3Alone((b3) => fetch(`${gateway}/v1/sim/work`, { headers: b3 })).listen(0, '127.0.0.1');
    await once(legacy, 'listening');
    const { port } = legacy.address() as AddressInfo;
    const registered = await fetch(`${world.registryUrl}/v1/services/plain/instances`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.credential('plain')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'b3', version: '1.0.0', address: '127.0.0.1', port, protocol: 'http', ttl: '60s' }),
    });
    expect(registered.status).toBe(200);
    const traceId = await eventually(async () => {
      const { status, headers } = await fetch(`${gateway}/api/v1/plain/1.0.0/anything`);
      expect(status).toBe(200);
      return headers.get('x-trace-id') ?? '';
    });
    const through = ['gateway server', ['gateway client', ['gateway server', ['gateway client', 'sim server']]]];
    const root = await treeOf(traceId, (tree) => JSON.stringify(shape(tree)).endsWith('"sim server"]]]]'));
    expect(shape(root)).toEqual(through);
    const [toLegacy] = root.children;
    expect(toLegacy && tagOf(toLegacy, 'server.service.name')).toBe('plain');
    expect(toLegacy?.children[0]?.span.operationName).toBe('GET /v1/sim/work');
  });
});
