import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './checkout.js';
import { newSecret } from './registry-credentials.js';
import { keep, prepareSecrets } from './secrets.js';

/**
 * `npm run docker:secrets`: makes the files that docker/compose.yaml mounts into its containers, and keeps those that are
 * there. The folder is closed to everybody else; the files in it are open, because a container's user is not their owner.
 */
const folder = join(root, 'docker/secrets');
prepareSecrets(folder);
const password = keep(join(folder, 'postgres-password'), newSecret);
for (const database of ['auth', 'user', 'blog']) {
  keep(join(folder, `${database}.database-url`), () => `postgresql://postgres:${password}@postgres:5432/${database}`);
}
for (const file of readdirSync(folder)) chmodSync(join(folder, file), 0o644);
console.log(`The secrets are in ${folder}`);
