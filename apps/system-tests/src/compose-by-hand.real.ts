import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCredential, root } from '@trellis/launch';
import { eventually } from '@trellis/testing';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, deployment } from './deployment.js';

/** An image that compose.yaml does not name. */
const IMAGE = 'node:24-bookworm-slim';

describe('a service that is started by hand with docker run, with its credential', () => {
  const { compose, secrets, network } = deployment;
  const name = `${network}-plain`;

  beforeAll(async () => {
    const credential = join(secrets, 'plain.credential');
    writeFileSync(credential, addCredential(join(secrets, 'registry/registry-credentials.json'), { service: 'plain' }));
    chmodSync(credential, 0o644); // the container's user is not its owner
    const script = join(root, 'apps/system-tests/plain/plain-service.mjs');
    const settings = {
      HOST: name,
      REGISTRY_URL: 'http://registry:4000',
      REGISTRY_CREDENTIAL_FILE: '/run/secrets/credential',
    };
    await compose.run([
      ...['docker', 'run', '--detach', '--name', name, '--network', network, '--user', '1000', '--read-only'],
      ...Object.entries(settings).flatMap(([variable, value]) => ['--env', `${variable}=${value}`]),
      ...['--volume', `${credential}:/run/secrets/credential:ro`, '--volume', `${script}:/plain.mjs:ro`],
      ...[IMAGE, 'node', '/plain.mjs'],
    ]);
  });
  afterAll(() => compose.run(['docker', 'rm', '--force', name]));

  it('answers through the gateway', async () => {
    const answer = await eventually(async () => {
      const greeting = await ask('/api/v1/plain/1.0.0/greeting?name=Ada');
      expect(greeting.status).toBe(200);
      return greeting;
    }, 30_000);
    expect(answer.body).toMatchObject({ greeting: 'Hello Ada' });
  });
});
