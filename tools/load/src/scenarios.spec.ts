import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseArguments } from './arguments.js';
import { GatewayClient } from './gateway-client.js';
import { pickFrom, scenario } from './scenarios.js';
import type { Person } from './person.js';

describe('a scenario', () => {
  let server: Server;
  let gateway: GatewayClient;
  let asked: string[];
  let status: number;
  const person = { token: () => 'the-token', logIn: () => Promise.reject(new Error('wrong')) } as unknown as Person;

  beforeEach(async () => {
    asked = [];
    status = 200;
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      if (request.url === '/v1/posts/broken') return void request.socket.destroy();
      response.writeHead(status).end(status === 200 ? '{"id":"7"}' : '{"status":503,"reason":"NO_INSTANCE"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gateway = new GatewayClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(async () => {
    await gateway.close();
    server.close();
  });

  it('reads posts that it has written before', async () => {
    const mix = await scenario('browse', { gateway, person, grpcShare: 0 });
    expect(asked).toEqual(Array(20).fill('POST /v1/posts Bearer the-token'));
    expect(mix.map(([weight, { name }]) => [name, weight])).toEqual([
      ['read', 0.7],
      ['list', 0.3],
    ]);
    expect(await pickFrom(mix, 0.69).run()).toBe('ok');
    expect(await pickFrom(mix, 0.71).run()).toBe('ok');
    expect(asked.slice(-2)).toEqual([
      'GET /v1/posts/7 Bearer the-token',
      'GET /v1/posts?page_size=10 Bearer the-token',
    ]);
  });

  it.each(['mixed', 'browse', 'write', 'login'] as const)('%s has weights that add up to 1', async (name) => {
    const grpc = { read: () => async () => 'ok', list: () => async () => 'ok', close: () => undefined };
    const mix = await scenario(name, { gateway, person, grpc, grpcShare: 0.5 });
    expect(mix.reduce((sum, [weight]) => sum + weight, 0)).toBeCloseTo(1);
    expect(pickFrom(mix, 0.999_999)).toBe(mix.at(-1)?.[1]);
  });

  it('names what went wrong, and tries nothing twice', async () => {
    status = 503;
    expect(await gateway.ask({ method: 'GET', path: '/v1/posts', token: '' })).toEqual({
      outcome: 'HTTP 503 NO_INSTANCE',
    });
    const { outcome } = await gateway.ask({ method: 'GET', path: '/v1/posts/broken', token: '' });
    expect(outcome).toBe('UND_ERR_SOCKET');
    expect(asked).toHaveLength(2);
    const [[, login] = []] = await scenario('login', { gateway, person, grpcShare: 0 });
    expect(await login?.run()).toBe('wrong');
    await expect(scenario('browse', { gateway, person, grpcShare: 0 })).rejects.toThrow(
      'answered with HTTP 503 NO_INSTANCE',
    );
  });
});

describe('the arguments', () => {
  it('have defaults', () => {
    expect(parseArguments([])).toEqual({
      scenario: 'mixed',
      rate: 50,
      duration: 30,
      grpc: 0,
      maxFailed: 0,
      json: false,
    });
  });

  it('are read as numbers and as an address', () => {
    const argv = ['--url', 'http://localhost:8080/', '--scenario', 'browse', '--rate', '0.5', '--grpc', '0.25'];
    expect(parseArguments(argv)).toMatchObject({
      url: 'http://localhost:8080',
      scenario: 'browse',
      rate: 0.5,
      grpc: 0.25,
    });
  });
});
