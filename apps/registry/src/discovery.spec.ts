import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DescService, createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { descriptorSet } from '@trellis/contracts';
import { BlogService } from '@trellis/contracts/blog/v1';
import { UserService } from '@trellis/contracts/user/v1';
import { type AnnounceOptions, type Announcement, type Directory, announce, watchRegistry } from '@trellis/discovery';
import { FaultProxy, eventually } from '@trellis/testing';
import { type RunningRegistry, TestCredentials, runRegistry } from './registry.fixture.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The registry and libs/discovery together, over sockets. */
describe('Discovery', () => {
  let credentials: TestCredentials;
  let running: RunningRegistry;
  const closing: (() => unknown)[] = [];

  beforeEach(async () => {
    credentials = new TestCredentials();
    running = await runRegistry({ credentials, epoch: 'e1' });
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    running.kill();
    credentials.remove();
  });

  const follow = (credential = credentials.user): Directory => {
    const directory = watchRegistry({ address: running.address, credential, logger: silent });
    closing.push(() => directory.close());
    return directory;
  };
  const join = (id: string, more: Partial<AnnounceOptions> = {}): Announcement => {
    const announcement = announce({
      address: running.address,
      credential: credentials.blog,
      instance: {
        id,
        service: 'blog',
        version: '1.0.0',
        address: `127.0.0.1:${id.length}`,
        protocol: 'grpc',
        zone: 'z1',
        weight: 100,
        metadata: { colour: 'green' },
      },
      services: [BlogService],
      logger: silent,
      ...more,
    });
    closing.push(() => announcement.leave());
    return announcement;
  };
  const ids = (instances: readonly { readonly id: string }[]): string[] => instances.map(({ id }) => id);

  it('gives a contract to a listener that asks for it the moment it hears of the service', async () => {
    await join('blog-1').accepted(5_000);
    const directory = follow();
    const contract = await new Promise((resolve, reject) => {
      directory.onChange((service) => {
        const [instance] = directory.instances(service);
        directory.contract(instance?.contractHash ?? '').then(resolve, reject);
      });
    });
    expect(contract).toEqual(descriptorSet([BlogService]));
  });

  it('is ready only when the list is up to date, also where an older one began it', async () => {
    expect(await follow().ready(5_000)).toBe(true);
    await join('blog-1').accepted(5_000);
    const newcomer = follow();
    expect(await newcomer.ready(5_000)).toBe(true);
    expect(ids(newcomer.instances('blog'))).toEqual(['blog-1']);
  });

  it('finds who announces, and loses who leaves', async () => {
    const directory = follow();
    expect(await directory.ready(5_000)).toBe(true);
    const heard: string[] = [];
    directory.onChange((service) => heard.push(service));
    const one = join('blog-1');
    await one.accepted(5_000);
    await join('blog-22').accepted(5_000);
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1', 'blog-22']));
    expect(directory.instances('blog')[0]).toMatchObject({
      state: 'SERVING',
      version: '1.0.0',
      metadata: { colour: 'green', pid: String(process.pid), start_time: expect.stringMatching(/^\d{4}-.*Z$/) },
      grpcServices: ['trellis.blog.v1.BlogService'],
    });
    await one.leave();
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-22']));
    expect(new Set(heard)).toEqual(new Set(['blog']));
  });

  it('hands out the contract that an instance has announced', async () => {
    const directory = follow();
    await join('blog-1').accepted(5_000);
    const [instance] = await eventually(() => {
      expect(directory.instances('blog')).toHaveLength(1);
      return directory.instances('blog');
    });
    expect(await directory.contract(instance?.contractHash ?? '')).toEqual(
      new Uint8Array(descriptorSet([BlogService])),
    );
    await expect(directory.contract('0'.repeat(64))).rejects.toMatchObject({ code: 5, reason: 'CONTRACT_NOT_FOUND' });
  });

  it('shows a state at once, and offers nobody who drains', async () => {
    const directory = follow();
    const one = join('blog-1', { state: 'NOT_SERVING' });
    await one.accepted(5_000);
    await eventually(() => expect(directory.all()[0]?.state).toBe('NOT_SERVING'));
    one.setState('SERVING');
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1']));
    one.setState('DRAINING');
    await eventually(() => expect(directory.all()[0]?.state).toBe('DRAINING'));
    expect(directory.instances('blog')).toEqual([]);
  });

  it('keeps the last good list while the registry is gone, and while the next one starts empty', async () => {
    const port = Number(running.address.split(':')[1]);
    const directory = follow();
    await join('blog-1').accepted(5_000);
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1']));
    let emptied = false;
    directory.onChange(() => (emptied ||= directory.instances('blog').length === 0));

    running.kill();
    running = await runRegistry({ credentials, epoch: 'e2', port });
    await eventually(() => expect(ids(running.registry.catalogue.list('blog'))).toEqual(['blog-1']));
    const late = join('blog-22'); // heard of only by who watches the new registry
    await late.accepted(5_000);
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1', 'blog-22']));
    expect(emptied).toBe(false);
  });

  it('does not let a dead registry take others along: reading goes on, contracts say UNAVAILABLE', async () => {
    const directory = follow();
    await join('blog-1').accepted(5_000);
    await eventually(() => expect(directory.all()).toHaveLength(1));
    running.kill();
    await eventually(() => expect(directory.contract('0'.repeat(64))).rejects.toMatchObject({ code: 14 }));
    expect(ids(directory.instances('blog'))).toEqual(['blog-1']);
  });

  it('starts without a registry and finds it later', async () => {
    const port = Number(running.address.split(':')[1]);
    running.kill();
    const directory = follow();
    const one = join('blog-1');
    expect(await directory.ready(1)).toBe(false);
    await expect(one.accepted(1)).rejects.toMatchObject({ code: 14 });
    running = await runRegistry({ credentials, epoch: 'e2', port });
    await one.accepted(10_000);
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1']));
  });

  it('goes on where it was when its stream breaks', async () => {
    const proxy = new FaultProxy(running.address);
    await proxy.listen();
    closing.push(() => proxy.close());
    const resumed: unknown[] = [];
    const logger = { ...silent, info: (facts: { resumed?: boolean }) => void resumed.push(facts.resumed) };
    const directory = watchRegistry({ address: proxy.address, credential: credentials.user, logger });
    closing.push(() => directory.close());
    await join('blog-1').accepted(5_000);
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1']));
    const [before] = directory.instances('blog');
    const since = directory.status().connectedSince;

    proxy.cut();
    await join('blog-22').accepted(5_000); // missed, or not
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1', 'blog-22']));
    expect(directory.instances('blog')[0]).toBe(before);
    await eventually(() => expect(resumed).toEqual([false, true]));
    expect(directory.status()).toMatchObject({ source: 'registry', epoch: 'e1', instances: 2, unconfirmed: 0 });
    expect(directory.status().connectedSince).not.toBe(since);
  });

  it('finds its peers and their contracts on the disk when it starts while the registry is away', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trellis-discovery-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const cacheFile = path.join(folder, 'user.json');
    const start = (): Directory => {
      const directory = watchRegistry({
        address: running.address,
        credential: credentials.user,
        logger: silent,
        cacheFile,
      });
      closing.push(() => directory.close());
      return directory;
    };
    await join('blog-1').accepted(5_000);
    const earlier = start();
    await eventually(() => expect(ids(earlier.instances('blog'))).toEqual(['blog-1']));
    const hash = earlier.instances('blog')[0]?.contractHash ?? '';
    await earlier.contract(hash);
    earlier.close();
    expect(readFileSync(cacheFile, 'utf8')).not.toContain(credentials.user);
    running.kill();

    const later = start();
    expect(await later.ready(5_000)).toBe(true);
    expect(ids(later.instances('blog'))).toEqual(['blog-1']);
    expect(await later.contract(hash)).toEqual(descriptorSet([BlogService]));
    expect(later.status()).toMatchObject({ source: 'cache', connectedSince: undefined, instances: 1, unconfirmed: 1 });

    running = await runRegistry({ credentials, epoch: 'e2', port: Number(running.address.split(':')[1]) });
    await eventually(() => expect(later.status()).toMatchObject({ source: 'registry', epoch: 'e2', unconfirmed: 0 }));
    expect(ids(later.instances('blog'))).toEqual(['blog-1']);
  });

  it('starts with nobody when the file on the disk is of no use', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trellis-discovery-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const cacheFile = path.join(folder, 'user.json');
    writeFileSync(cacheFile, '{"version": 1');
    const directory = watchRegistry({
      address: running.address,
      credential: credentials.user,
      logger: silent,
      cacheFile,
    });
    closing.push(() => directory.close());
    expect(directory.status().source).toBe('none');
    expect(await directory.ready(5_000)).toBe(true);
  });

  it('says in its own log that its contract waits for an operator, and is offered to nobody meanwhile', async () => {
    const directory = follow();
    await join('blog-1').accepted(5_000);
    const warnings: unknown[] = [];
    const logger = { ...silent, warn: (facts: object) => void warnings.push(facts) };
    const next = join('blog-22', { services: [withoutItsFirstMethod(BlogService)], logger });
    await next.accepted(5_000);
    await eventually(() => expect(directory.all().map(({ state }) => state)).toEqual(['SERVING', 'PENDING']));
    expect(ids(directory.instances('blog'))).toEqual(['blog-1']);
    expect(warnings).toEqual([
      {
        service: 'blog',
        instance: 'blog-22',
        contract: directory.all()[1]?.contractHash,
        reasons: [expect.any(String)],
      },
    ]);
    next.setState('SERVING'); // which changes nothing
    running.registry.apply({ kind: 'approve', hash: directory.all()[1]?.contractHash ?? '' });
    await eventually(() => expect(ids(directory.instances('blog'))).toEqual(['blog-1', 'blog-22']));
  });

  it('refuses an unknown credential', async () => {
    const stranger = 'x'.repeat(43);
    const errors: string[] = [];
    const logger = { ...silent, error: (facts: { reason?: string }) => errors.push(facts.reason ?? '') };
    const one = join('blog-1', { credential: stranger, logger });
    await eventually(() => expect(errors).toEqual(['CREDENTIAL_INVALID']));
    await expect(one.accepted(1)).rejects.toMatchObject({ code: 16, reason: 'CREDENTIAL_INVALID' });
    expect(await follow(stranger).ready(200)).toBe(false);
    expect(running.registry.catalogue.size).toBe(0);
  });

  it("refuses another service's name and another service's package", async () => {
    const user = join('blog-1', { credential: credentials.user });
    await expect(user.accepted(300)).rejects.toMatchObject({ code: 7, reason: 'SERVICE_NOT_YOURS' });
    const both = join('blog-2', { services: [BlogService, UserService] });
    await expect(both.accepted(300)).rejects.toMatchObject({ code: 7, reason: 'PACKAGE_NOT_YOURS' });
    expect(running.registry.catalogue.size).toBe(0);
  });

  it('ends the watch of a credential that is taken back, when the file is read', async () => {
    const errors: string[] = [];
    const logger = { ...silent, error: (facts: { reason?: string }) => errors.push(facts.reason ?? '') };
    const directory = watchRegistry({ address: running.address, credential: credentials.user, logger });
    closing.push(() => directory.close());
    await directory.ready(5_000);
    credentials.write({ blog: credentials.blog });
    await eventually(() => expect(errors).toContain('CREDENTIAL_INVALID'));
  });

  it('ends the session of a credential that is taken back, within a heartbeat', async () => {
    running.kill();
    running = await runRegistry({
      credentials,
      epoch: 'e1',
      timing: { heartbeat: 100, grace: 50, lease: 6_000, tick: 10 },
    });
    await join('blog-1').accepted(5_000);
    credentials.write({ user: credentials.user });
    await eventually(() => expect(running.registry.catalogue.list()).toEqual([]));
  });
});

/** The contract of a later version that breaks the callers of this one. */
function withoutItsFirstMethod(service: DescService): DescService {
  const set = fromBinary(FileDescriptorSetSchema, descriptorSet([service]));
  set.file.find(({ name }) => name === service.file.proto.name)?.service[0]?.method.shift();
  const later = createFileRegistry(set).getService(service.typeName);
  if (!later) throw new Error(`${service.typeName} is gone`);
  return later;
}
