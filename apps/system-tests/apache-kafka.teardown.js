import endPlatform from './platform.teardown.js';

export default async function teardown() {
  await endPlatform();
  await globalThis.kafka?.ask('down', '--volumes', '--timeout', '5');
}
