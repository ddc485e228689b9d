import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { answerJson } from './admin-server.js';
import { type Sample, runSample } from './run-sample.fixture.js';

let sample: Sample;

beforeEach(async () => {
  const http = createServer((_request, response) => response.end('here'));
  sample = await runSample({
    http: { port: 0, variable: 'HTTP_PORT', server: () => http },
    admin: () => ({
      '/things': { GET: (_, response) => answerJson(response, 200, { things: 3 }) },
      '/broken': { GET: () => Promise.reject(new Error('secret reason')) },
    }),
  });
});
afterEach(() => sample.service.drain());

async function ask(method: string, path: string, options: RequestInit = {}): Promise<[number, unknown]> {
  const response = await fetch(`http://${sample.addresses.admin}${path}`, { method, ...options });
  return [response.status, await response.json()];
}

describe('the admin port', () => {
  it('takes an instance out of rotation and puts it in again', async () => {
    expect(await ask('POST', '/drain')).toEqual([200, { state: 'DRAINED' }]);
    expect(await ask('GET', '/readyz')).toMatchObject([503, { state: 'DRAINED' }]);
    const drained = await fetch(`http://${sample.addresses.http}/`);
    expect([await drained.text(), drained.headers.get('connection')]).toEqual(['here', 'close']);
    expect(await ask('POST', '/undrain')).toEqual([200, { state: 'SERVING' }]);
    expect(await ask('GET', '/readyz')).toMatchObject([200, { state: 'SERVING' }]);
    const back = await fetch(`http://${sample.addresses.http}/`);
    expect([await back.text(), back.headers.get('connection')]).toEqual(['here', 'keep-alive']);
    expect(sample.probe.seen.filter((event) => /^(?:DRAINING|SERVING)$/.test(event))).toEqual(['DRAINING', 'SERVING']);
  });

  it('does not bring back an instance that was asked to end', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    sample.probe.leaving = promise;
    const ended = sample.service.drain();
    expect(await ask('POST', '/undrain')).toEqual([200, { state: 'DRAINING' }]);
    resolve();
    await ended;
  });

  it('changes what is logged', async () => {
    expect(await ask('GET', '/log-level')).toEqual([200, { level: 'debug' }]);
    const told = await ask('PUT', '/log-level', { body: '{"level":"error"}' });
    expect([told, await ask('GET', '/log-level')]).toEqual([
      [200, { level: 'error' }],
      [200, { level: 'error' }],
    ]);
  });

  it.each(['', '{', '[]', '{"level":"loud"}', '{"level":7}'])('says which levels there are, given %j', async (body) => {
    expect(await ask('PUT', '/log-level', { body })).toEqual([
      400,
      { problem: 'give {"level": …} as one of trace, debug, info, warn, error, fatal, silent' },
    ]);
  });

  it('has the pages that the app adds, and names all of them', async () => {
    expect(await ask('GET', '/things')).toEqual([200, { things: 3 }]);
    expect(await ask('GET', '/constructor')).toMatchObject([
      404,
      { paths: expect.arrayContaining(['/things', '/health', '/drain']) },
    ]);
    expect(await ask('DELETE', '/things')).toEqual([405, { methods: ['GET'] }]);
  });

  it('keeps the reason of a failure for the log', async () => {
    expect(await ask('GET', '/broken')).toEqual([500, { problem: 'failed: the log has the reason' }]);
    expect(sample.log.at(-1)).toMatchObject({ msg: 'an admin page failed', path: '/broken' });
  });

  it('takes no orders from web pages', async () => {
    const headers = { origin: 'https://evil.example' };
    expect(await ask('POST', '/drain', { headers })).toMatchObject([403, {}]);
    expect(await ask('GET', '/readyz')).toMatchObject([200, { state: 'SERVING' }]);
  });
});
