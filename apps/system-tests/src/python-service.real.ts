import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, inheritedEnv } from '@trellis/launch';
import { eventually } from '@trellis/testing';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { plainServiceStory } from './plain-service-story.js';
import { World } from './world.js';

describe('a service in plain Python, registered with plain requests', () => {
  plainServiceStory('python3', 'plain_service.py');
});

/** What curl prints. */
const curl = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('curl', ['--silent', '--show-error', '--max-time', '5', ...args])).stdout;

describe('a program that knows nothing of the platform, registered by curl alone', () => {
  let world: World;
  let gateway: string;
  let files: ChildProcess;
  let port: number;

  beforeAll(async () => {
    [world, port] = await Promise.all([World.start(), freePort()]);
    writeFileSync(join(world.folder, 'hello.txt'), 'Hello from Python\n');
    gateway = await world.gateway();
    files = spawn('python3', ['-m', 'http.server', `${port}`, '--bind', '127.0.0.1', '--directory', world.folder], {
      env: inheritedEnv(),
      stdio: 'ignore',
    });
  });
  afterAll(async () => {
    files.kill();
    await world.stop();
  });

  it('is reached through the gateway, and gone when curl says so', async () => {
    const instances = `${world.registryUrl}/v1/services/plain/instances`;
    const credential = ['-H', `Authorization: Bearer ${world.credential('plain')}`];
    const body = { id: 'files-1', version: '1.0.0', address: '127.0.0.1', port, protocol: 'http', ttl: '60s' };
    const json = ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
    expect(JSON.parse(await curl(...credential, ...json, instances))).toMatchObject({ instance: { id: 'files-1' } });
    const file = `${gateway}/api/v1/plain/1.0.0/hello.txt`;
    await eventually(async () => expect(await curl(file)).toBe('Hello from Python\n'));
    const head = await curl('--head', '-H', 'X-Forwarded-For: 6.6.6.6', file);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*content-length: 18\r\n/i);
    expect(await curl(`${gateway}/api/v1/plain/9.9.9/`)).toContain('there is 1.0.0');
    await curl('-X', 'DELETE', ...credential, `${instances}/files-1`);
    await eventually(async () => expect(JSON.parse(await curl(file))).toMatchObject({ status: 503 }));
  });
});
