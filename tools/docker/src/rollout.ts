import { setTimeout as sleep } from 'node:timers/promises';
import type { Compose } from './compose.js';
import type { Way } from './project.js';

/** Longer than the front needs to see a gateway come or go: a second each for addresses and for `/readyz` (haproxy.cfg). */
const SEEN_MS = 2_000;
/** From the start of a container to its first healthy answer. */
const HEALTHY_WITHIN_MS = 90_000;
const POLL_MS = 250;

export interface RolloutOptions {
  readonly compose: Compose;
  readonly say: (line: string) => void;
  /** Milliseconds. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Replaces the instances of a service by new ones, of the image and the settings that compose.yaml names now. One after the
 * other, so that at least as many as before take calls at any time: the new one is healthy before an old one is drained.
 * Throws when the new one does not become healthy; it is gone then, and the old ones go on.
 */
export async function rollOut(service: string, way: Way, options: RolloutOptions): Promise<void> {
  const { compose, say } = options;
  if (way === 'in-place') {
    say(`${service}: replaced in place`);
    await compose.ask('up', '--detach', '--no-deps', '--force-recreate', '--wait', service);
    return;
  }
  const old = await compose.containers(service);
  if (old.length === 0) throw new Error(`No instance of ${service} runs: start it with npm run docker:up`);
  for (const [index, container] of old.entries()) {
    say(`${service}: ${index + 1} of ${old.length}`);
    await replace(service, container, options);
  }
}

async function replace(service: string, old: string, { compose, say, wait = sleep }: RolloutOptions): Promise<void> {
  const before = await compose.containers(service);
  const scale = `${service}=${before.length + 1}`;
  await compose.ask('up', '--detach', '--no-deps', '--no-recreate', '--scale', scale, service);
  const fresh = (await compose.containers(service)).find((id) => !before.includes(id));
  if (fresh === undefined) throw new Error(`docker compose started no further instance of ${service}`);
  if (!(await becomesHealthy(compose, fresh, wait))) {
    const log = await compose.run(['docker', 'logs', '--tail', '20', fresh]);
    await compose.run(['docker', 'rm', '--force', fresh]);
    throw new Error(`The new instance of ${service} did not become healthy and is gone; the old ones go on.\n${log}`);
  }
  await wait(SEEN_MS);
  await compose.run(['docker', 'exec', old, 'node', '/trellis/admin.mjs', 'POST', '/drain']).catch(() => {
    say(`${service}: the old instance does not answer, so it is ended without having been drained`);
  });
  await wait(SEEN_MS);
  await compose.run(['docker', 'stop', old]);
  await compose.run(['docker', 'rm', old]);
}

async function becomesHealthy(compose: Compose, id: string, wait: (ms: number) => Promise<unknown>): Promise<boolean> {
  for (let waited = 0; waited < HEALTHY_WITHIN_MS; waited += POLL_MS) {
    const state = await compose.run([
      'docker',
      'inspect',
      '--format',
      '{{.State.Running}} {{.State.Health.Status}}',
      id,
    ]);
    if (state.trim() === 'true healthy') return true;
    await wait(POLL_MS);
  }
  return false;
}
