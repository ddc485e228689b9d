import { Compose, imageSizes, makeSecrets, publishedUrl, readProject, run } from '@trellis/docker';
import { freePort } from '@trellis/launch';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Builds the images and starts docker/compose.yaml under a project name, ports and secrets of its own, beside whatever runs.
 * The stories find it as a global: they run in this process (`--runInBand`).
 */
export default async function setup(_, { globals }) {
  const secrets = mkdtempSync(join(tmpdir(), 'trellis-'));
  makeSecrets(secrets);
  Object.assign(process.env, {
    COMPOSE_PROJECT_NAME: `trellis-check-${process.pid}`,
    PORT: `${await freePort()}`,
    JAEGER_PORT: `${await freePort()}`,
    SECRETS_DIR: secrets,
  });
  const compose = new Compose(run);
  globalThis.deployment = { compose, secrets }; // for the teardown
  const project = await readProject(compose);
  const timed = async (what, work) => {
    const start = performance.now();
    const result = await work();
    console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
    return result;
  };
  await timed('build', () => compose.build());
  await timed('up', () => compose.ask('up', '--detach', '--wait', '--wait-timeout', '300'));
  globals.deployment = {
    ...{ secrets, project, sizes: await imageSizes(compose, project, 'node:24-bookworm-slim') },
    network: `${process.env.COMPOSE_PROJECT_NAME}_default`,
    url: publishedUrl(project, 'front'),
    jaegerUrl: publishedUrl(project, 'jaeger'),
  };
}
