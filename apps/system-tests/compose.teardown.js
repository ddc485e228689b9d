import { rmSync } from 'node:fs';

export default async function teardown() {
  const { compose, secrets } = globalThis.deployment;
  await compose.ask('down', '--volumes', '--timeout', '5');
  rmSync(secrets, { recursive: true });
}
