import type { AddressInfo } from 'node:net';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InstanceSchema, Protocol, State } from '@trellis/contracts/registry/v1';
import { createLogger } from '@trellis/telemetry';
import { Catalogue } from './catalogue.js';
import { registryHttp } from './registry.http.js';

describe('The registry over HTTP', () => {
  const catalogue = new Catalogue('e1');
  const server = registryHttp(catalogue, createLogger({ name: 'registry', level: 'silent' }));
  let base: string;

  beforeAll(async () => {
    const announce = (session: number, id: string, state: State): void => {
      const instance = create(InstanceSchema, {
        ...{ id, service: 'blog', version: `${session}.0.0`, address: `127.0.0.1:${session}`, state, weight: 100 },
        protocol: Protocol.GRPC,
        metadata: { pid: '7', start_time: '2026-01-01T00:00:00.000Z' },
        grpcServices: ['trellis.blog.v1.BlogService'],
      });
      catalogue.apply({ kind: 'announce', session, instance }, 0);
    };
    announce(1, 'blog-1', State.SERVING);
    announce(2, 'blog-2', State.DRAINING);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`${base}${path}`, { method });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, type: response.headers.get('content-type'), headers: response.headers, body };
  };

  it('lists services', async () => {
    const { status, body } = await get('/v1/services');
    expect(status).toBe(200);
    expect(body).toEqual({
      services: [
        {
          name: 'blog',
          instances: 2,
          serving: 1,
          versions: ['1.0.0', '2.0.0'],
          grpcServices: ['trellis.blog.v1.BlogService'],
        },
      ],
    });
  });

  it('lists instances with their process', async () => {
    const { status, body } = await get('/v1/services/blog/instances');
    expect(status).toBe(200);
    expect(body['instances']).toMatchObject([
      { id: 'blog-1', state: 'STATE_SERVING', address: '127.0.0.1:1', metadata: { pid: '7' } },
      { id: 'blog-2', state: 'STATE_DRAINING' },
    ]);
  });

  it('says that it is there', async () => {
    expect(await get('/health')).toMatchObject({ status: 200, body: { status: 'SERVING' } });
  });

  it.each([
    ['an unknown service', '/v1/services/nobody/instances', 404, 'SERVICE_NOT_FOUND'],
    ['an unknown path', '/v1/nothing', 404, undefined],
    ['an unknown parameter', '/v1/services?colour=green', 400, undefined],
    ['a name that is too long', `/v1/services/${'x'.repeat(64)}/instances`, 400, undefined],
  ])('answers %s with a problem', async (_case, path, status, reason) => {
    const answer = await get(path);
    expect(answer).toMatchObject({ status, type: 'application/problem+json', body: { status } });
    expect(answer.body['reason']).toBe(reason);
  });

  it('allows reading alone', async () => {
    const answer = await get('/v1/services', 'DELETE');
    expect(answer).toMatchObject({ status: 405, type: 'application/problem+json' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });
});
