import { createServer as createHttpServer, request } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { BlogService } from '@trellis/contracts/blog/v1';
import { Health, HealthCheckResponse_ServingStatus } from '@trellis/contracts/grpc/health/v1';
import { RegistryService } from '@trellis/contracts/registry/v1';
import { Code } from '@trellis/errors';
import type { DirectoryStatus } from '@trellis/discovery';
import { eventually } from '@trellis/testing';
import { call, makeSample, runSample } from './run-sample.fixture.js';

const { getPost } = BlogService.method;

describe('a service', () => {
  it('is announced when its ports are open, then ready; leaves before it closes anything', async () => {
    const { service, addresses, probe } = await runSample();
    expect(await get(addresses.admin, '/readyz')).toEqual([
      200,
      { state: 'SERVING', checks: { registry: 'ok', storage: 'ok' } },
    ]);
    await service.drain();
    expect(probe.seen).toContain('listening true');
    expect(probe.seen.filter((event) => !event.startsWith('listening'))).toEqual([
      'accepted',
      'DRAINING',
      'left',
      'storage closed',
      'connections closed',
    ]);
    await expect(call(addresses.grpc, getPost, { id: '1' })).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });

  it.each(['//', '/nothing', 'http://[', '/readyz/'])('answers %s on its admin port with 404', async (path) => {
    const { service, addresses } = await runSample();
    const [host, port] = (addresses.admin ?? '').split(':');
    const status = await new Promise((resolve, reject) => {
      request({ host, port, path }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(404);
    await service.drain();
  });

  it('does not wait long for a registry that is away when it knows its peers from the disk', async () => {
    const patience = async (source: DirectoryStatus['source']) => {
      const { service, probe } = makeSample();
      probe.directory.source = source;
      await service.open();
      await service.drain();
      return probe.patience;
    };
    expect([await patience('registry'), await patience('cache')]).toEqual([10_000, 1_000]);
  });

  it('stays DRAINING when it is asked to end before the registry has listed it', async () => {
    const { service, probe, log } = makeSample();
    const { promise, resolve } = Promise.withResolvers<void>();
    probe.listed = promise;
    const opening = service.open();
    await eventually(() => expect(probe.seen).toContain('accepted'));
    const drained = service.drain();
    resolve();
    await Promise.all([opening, drained]);
    expect(log.flatMap(({ state }) => state ?? [])).toEqual(['DRAINING']);
  });

  it('is not healthy any more before it leaves, and takes the calls of those who have not heard of it', async () => {
    const { service, addresses, probe } = await runSample();
    const { promise, resolve } = Promise.withResolvers<void>();
    probe.leaving = promise;
    const drained = service.drain();
    await eventually(() => expect(probe.seen).toContain('DRAINING'));
    const { status } = await call(addresses.grpc, Health.method.check, {});
    expect(status).toBe(HealthCheckResponse_ServingStatus.NOT_SERVING);
    expect((await call(addresses.grpc, getPost, { id: '1' }, { token: 'alice' })).post?.id).toBe('1');
    expect(probe.seen).not.toContain('left');
    resolve();
    await drained;
    expect(probe.seen.slice(-3)).toEqual(['left', 'storage closed', 'connections closed']);
  });

  it('finishes the call under way while it drains', async () => {
    const { service, addresses, probe } = await runSample();
    const { promise, resolve } = Promise.withResolvers<void>();
    probe.hold = promise;
    const running = call(addresses.grpc, getPost, { id: '1' }, { token: 'alice' });
    await eventually(() => expect(probe.seen).toContain('get 1'));
    const drained = service.drain().then(() => probe.seen.push('drained'));
    await eventually(() => expect(probe.seen).toContain('left'));
    expect(await get(addresses.admin, '/readyz')).toMatchObject([503, { state: 'DRAINING' }]);
    expect(await get(addresses.admin, '/livez')).toMatchObject([200, { state: 'DRAINING' }]);
    resolve();
    expect((await running).post?.id).toBe('1');
    await drained;
    expect(probe.seen.indexOf('storage closed')).toBeGreaterThan(probe.seen.indexOf('left'));
  });

  it('cuts off what is still running when the time for draining is over', async () => {
    const { service, addresses, probe } = await runSample({}, { DRAIN_TIMEOUT_MS: '300' });
    probe.hold = new Promise(() => undefined);
    const running = call(addresses.grpc, getPost, { id: '1' }, { token: 'alice' });
    const cut = expect(running).rejects.toMatchObject({ name: expect.stringContaining('ServiceError') });
    await eventually(() => expect(probe.seen).toContain('get 1'));
    await service.drain();
    await cut;
  });

  it('finishes HTTP requests too, and tells their connections to go', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let asked = false;
    const http = createHttpServer((_request, response) => {
      asked = true;
      void promise.then(() => response.end('done'));
    });
    const { service, addresses } = await runSample({ http: { port: 0, variable: 'HTTP_PORT', server: () => http } });
    const answer = fetch(`http://${addresses.http}/`).then((response) => response.text());
    await eventually(() => expect(asked).toBe(true));
    const drained = service.drain();
    await eventually(() => expect(http.listening).toBe(false));
    resolve();
    expect(await answer).toBe('done');
    await drained;
  });

  it('tells HTTP connections to go before it closes any, so that none is closed under a request', async () => {
    const http = createHttpServer((_request, response) => response.end('here'));
    const options = { http: { port: 0, variable: 'HTTP_PORT', server: () => http } };
    const { service, addresses, probe } = await runSample(options);
    const { promise, resolve } = Promise.withResolvers<void>();
    probe.leaving = promise;
    const drained = service.drain();
    await eventually(() => expect(probe.seen).toContain('DRAINING'));
    const answer = await fetch(`http://${addresses.http}/`);
    expect([await answer.text(), answer.headers.get('connection'), http.listening]).toEqual(['here', 'close', true]);
    resolve();
    await drained;
  });

  it('that starts drained says so, and gets calls when an operator puts it into rotation', async () => {
    const { service, addresses, probe } = await runSample({}, { START_DRAINED: 'true' });
    expect(await get(addresses.admin, '/readyz')).toMatchObject([503, { state: 'DRAINED' }]);
    expect((await call(addresses.grpc, getPost, { id: '1' }, { token: 'alice' })).post?.id).toBe('1');
    await fetch(`http://${addresses.admin}/undrain`, { method: 'POST' });
    expect(await get(addresses.admin, '/readyz')).toMatchObject([200, { state: 'SERVING' }]);
    expect(probe.seen.filter((event) => /accepted|SERVING/.test(event))).toEqual(['accepted as DRAINING', 'SERVING']);
    await service.drain();
  });

  it('names a gRPC port that is in use and its variable', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(runSample({}, { GRPC_PORT: String(port) })).rejects.toThrow(
      `Port ${port} is in use: set GRPC_PORT to another one`,
    );
    other.close();
  });

  it('does not start when a method of its contract has no handler', async () => {
    await expect(runSample({ services: [BlogService, RegistryService] })).rejects.toThrow(
      /No controller answers .*RegistryService\/Session/,
    );
  });

  it('does not start when a handler belongs to no contract of its own', async () => {
    await expect(runSample({ services: [] })).rejects.toThrow(/Nobody can call .*BlogService\/CreatePost/);
  });
});

async function get(address: string | undefined, path: string): Promise<[number, unknown]> {
  const response = await fetch(`http://${address}${path}`);
  return [response.status, await response.json()];
}
