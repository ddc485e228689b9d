import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { credentialsFileIn, keep, newSecret, prepareSecrets } from '@trellis/launch';

/**
 * Makes the files that docker/compose.yaml mounts into its containers, and keeps those that are there. The folder is closed
 * to everybody else; what is in it is open, because a container's user is not its owner.
 */
export function makeSecrets(folder: string): void {
  prepareSecrets(folder, credentialsFileIn(join(folder, 'registry')));
  const password = keep(join(folder, 'postgres-password'), newSecret);
  keep(join(folder, 'grafana-password'), newSecret);
  for (const database of ['auth', 'user', 'blog']) {
    keep(join(folder, `${database}.database-url`), () => `postgresql://postgres:${password}@postgres:5432/${database}`);
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }
}
