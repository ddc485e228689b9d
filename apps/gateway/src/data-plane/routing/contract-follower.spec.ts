import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { UserService } from '@trellis/contracts/user/v1';
import type { ManualDirectory } from '@trellis/discovery/testing';
import { createLogger } from '@trellis/telemetry';
import { ManualClock, eventually } from '@trellis/testing';
import { blogAt, blogDirectory } from '../instances.fixture.js';
import { compareVersions } from './newest-instance.js';
import { createRpc } from '@trellis/rpc';
import { gatewayFile } from '../../file/gateway-file.js';
import type { Exchange } from '../exchange.js';
import { Routing } from './routing.js';

let directory: ManualDirectory;
let clock: ManualClock;
let follower: Routing;
let log: string[];

beforeEach(() => {
  directory = blogDirectory();
  clock = new ManualClock();
  log = [];
  const logger = createLogger({ name: 'gateway', level: 'warn' }, { write: (line: string) => void log.push(line) });
  follower = new Routing({
    directory,
    logger,
    accessLog: { enabled: false, write: () => undefined, close: async () => undefined },
    rpc: createRpc({ directory, logger }),
    verifier: { verify: () => Promise.reject(new Error('nobody is verified here')) },
    builtIn: {},
    file: gatewayFile.parse({}),
    now: clock.now,
    random: Math.random,
  });
  follower.start();
});
afterEach(() => follower.stop());

const serviceOf = (path: string): string | undefined => {
  const found = follower.table.find({ httpMethod: 'GET', path, host: '' } as Exchange);
  return found.kind === 'found' ? found.route.facts.service : undefined;
};
const becomes = (path: string, service: string | undefined) => eventually(() => expect(serviceOf(path)).toBe(service));

const userAt = (address: string, contractHash = 'user-contract') =>
  blogAt(address, { id: `user-${address}`, service: 'user', contractHash, grpcServices: [UserService.typeName] });

describe('the route table', () => {
  it('is complete once the registry was heard and its contracts are read', async () => {
    expect(follower.complete).toBe(false);
    directory.set(blogAt('a:1'));
    expect(await follower.learnt(1_000)).toBe(true);
    expect([follower.complete, serviceOf('/v1/posts')]).toEqual([true, 'blog']);
  });

  it('is not complete while a contract could not be fetched: its paths would be taken for unknown ones', async () => {
    const contract = directory.contracts.get('blog-contract') ?? new Uint8Array();
    directory.contracts.clear();
    directory.set(blogAt('a:1'));
    expect(await follower.learnt(50)).toBe(false);
    expect(follower.complete).toBe(false);
    directory.contracts.set('blog-contract', contract);
    follower.sweep();
    expect(await follower.learnt(1_000)).toBe(true);
    expect([follower.complete, serviceOf('/v1/posts')]).toEqual([true, 'blog']);
  });

  it('gets a new service while it runs', async () => {
    directory.set(blogAt('a:1'));
    await becomes('/v1/posts', 'blog');
    directory.contracts.set('user-contract', descriptorSet([UserService]));
    directory.set(blogAt('a:1'), userAt('b:1'));
    await becomes('/v1/users', 'user');
    expect(serviceOf('/v1/posts')).toBe('blog');
  });

  it('keeps a vanished service for a minute, and longer when it comes back', async () => {
    directory.set(blogAt('a:1'));
    await becomes('/v1/posts', 'blog');
    directory.set();
    await follower.learnt(10);
    clock.advance(59_999);
    follower.sweep();
    expect(serviceOf('/v1/posts')).toBe('blog');
    directory.set(blogAt('a:2'));
    clock.advance(60_000);
    follower.sweep();
    expect(serviceOf('/v1/posts')).toBe('blog');
    directory.set();
    await follower.learnt(10);
    clock.advance(60_000);
    follower.sweep();
    expect(serviceOf('/v1/posts')).toBeUndefined();
  });

  it('keeps the routes of a service whose instances all drain', async () => {
    directory.set(blogAt('a:1'));
    await becomes('/v1/posts', 'blog');
    directory.set(blogAt('a:1', { state: 'DRAINING' }));
    clock.advance(120_000);
    follower.sweep();
    expect(serviceOf('/v1/posts')).toBe('blog');
  });

  it('follows the newest version that serves', async () => {
    directory.contracts.set('v2', descriptorSet([UserService]));
    const older = blogAt('a:1', { version: '1.9.0' });
    const newer = blogAt('a:2', { version: '1.10.0', contractHash: 'v2', grpcServices: [UserService.typeName] });
    directory.set(older, { ...newer, state: 'NOT_SERVING' });
    await becomes('/v1/posts', 'blog');
    directory.set(older, newer);
    await becomes('/v1/users', 'blog');
    expect(serviceOf('/v1/posts')).toBeUndefined();
    directory.set(older);
    await becomes('/v1/posts', 'blog');
  });

  it('never takes routes from a contract that waits for an operator', async () => {
    directory.contracts.set('v2', descriptorSet([UserService]));
    const newer = blogAt('a:2', { version: '2.0.0', contractHash: 'v2', grpcServices: [UserService.typeName] });
    directory.set(blogAt('a:1'), { ...newer, state: 'PENDING' });
    await becomes('/v1/posts', 'blog');
    expect(serviceOf('/v1/users')).toBeUndefined();
    directory.set({ ...newer, state: 'PENDING' });
    await follower.learnt(10);
    expect([serviceOf('/v1/posts'), serviceOf('/v1/users')]).toEqual(['blog', undefined]);
    directory.set(newer); // approved
    await becomes('/v1/users', 'blog');
    expect(serviceOf('/v1/posts')).toBeUndefined();
  });

  it('keeps to the newest version while its only instance is a suspect', async () => {
    directory.contracts.set('v2', descriptorSet([UserService]));
    const newer = blogAt('a:2', { version: '2.0.0', contractHash: 'v2', grpcServices: [UserService.typeName] });
    directory.set(blogAt('a:1'), newer);
    await becomes('/v1/users', 'blog');
    directory.set(blogAt('a:1'), { ...newer, state: 'SUSPECT' });
    await follower.learnt(10);
    expect(serviceOf('/v1/users')).toBe('blog');
  });

  it('tells apart instances that answer different services of one contract', async () => {
    directory.contracts.set('both', descriptorSet([UserService, BlogService]));
    const some = blogAt('a:1', { contractHash: 'both' });
    directory.set(some);
    await becomes('/v1/posts', 'blog');
    const grpcServices = [BlogService.typeName, UserService.typeName];
    directory.set(some, blogAt('a:2', { contractHash: 'both', version: '2.0.0', grpcServices }));
    await becomes('/v1/users', 'blog');
    expect(serviceOf('/v1/posts')).toBe('blog');
  });

  it('gives a route of a service that has vanished to the one that the registry gave it to', async () => {
    directory.set(blogAt('a:1'));
    await becomes('/v1/posts', 'blog');
    directory.set();
    await follower.learnt(10);
    directory.set(blogAt('c:1', { id: 'aaa', service: 'aaa' }));
    await becomes('/v1/posts', 'aaa');
  });

  it('tries a contract again that could not be fetched', async () => {
    directory.set(userAt('b:1'));
    await eventually(() => expect(log.join()).toContain('could not be fetched'));
    directory.contracts.set('user-contract', descriptorSet([UserService]));
    follower.sweep();
    await becomes('/v1/users', 'user');
  });

  it('passes over a contract that cannot be served, to the newest that can', async () => {
    directory.contracts.set('broken', new Uint8Array([255, 255]));
    directory.set(blogAt('a:1'), blogAt('a:2', { version: '2.0.0', contractHash: 'broken' }));
    await becomes('/v1/posts', 'blog');
    expect(log.join()).toContain('a contract cannot be served');
  });

  it('leaves a route with whom it was when a second service claims it', async () => {
    directory.set(blogAt('a:1'));
    await becomes('/v1/posts', 'blog');
    directory.set(blogAt('a:1'), blogAt('c:1', { id: 'aaa', service: 'aaa' }));
    await eventually(() => expect(log.join()).toContain('another service has one of them'));
    expect(serviceOf('/v1/posts')).toBe('blog');
  });

  it('leaves a route with whom it was when a service that was there before claims it with another contract', async () => {
    directory.contracts.set('user-contract', descriptorSet([UserService]));
    directory.set(userAt('b:1'));
    await becomes('/v1/users', 'user');
    directory.set(userAt('b:1'), blogAt('a:1'));
    await becomes('/v1/posts', 'blog');
    directory.contracts.set('greedy', descriptorSet([UserService, BlogService]));
    const greedy = { ...userAt('b:2', 'greedy'), version: '2.0.0', grpcServices: [BlogService.typeName] };
    directory.set(userAt('b:1'), greedy, blogAt('a:1'));
    await eventually(() => expect(log.join()).toContain('another service has one of them'));
    expect(serviceOf('/v1/posts')).toBe('blog');

    directory.contracts.set('blog-contract-2', descriptorSet([BlogService, UserService]));
    directory.set(greedy, blogAt('a:2', { version: '2.0.0', contractHash: 'blog-contract-2' }));
    await eventually(() => expect(log).toHaveLength(2)); // the greedy one, left out once more
    expect(serviceOf('/v1/posts')).toBe('blog');
  });

  it('has no route to a method without a REST form', async () => {
    directory.contracts.set('user-contract', descriptorSet([UserService, BlogService]));
    directory.set(userAt('b:1'));
    await becomes('/v1/users', 'user');
    const exchange = { httpMethod: 'POST', path: '/trellis.user.v1.UserService/VerifyPassword', host: '' } as Exchange;
    expect(follower.table.find(exchange).kind).toBe('none');
    expect(serviceOf('/v1/posts')).toBeUndefined(); // in the contract's files, but not answered by the instance
  });
});

describe('compareVersions', () => {
  it.each([
    ['1.10.0', '1.9.0'],
    ['1.0.0', '1.0.0-rc.1'],
    ['1.0.0-rc.10', '1.0.0-rc.9'],
    ['2.0.0-alpha', '1.9.9'],
    ['v2', 'v1'],
    ['1', ''],
  ])('%s is newer than %s', (newer, older) => {
    expect(Math.sign(compareVersions(newer, older))).toBe(1);
    expect(Math.sign(compareVersions(older, newer))).toBe(-1);
  });
  it('does not look at build numbers', () => expect(compareVersions('1.0.0+7', '1.0.0+8')).toBe(0));
});
