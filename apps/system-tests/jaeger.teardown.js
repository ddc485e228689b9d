export default async function teardown() {
  await globalThis.trellis?.stop();
  await globalThis.traceServers?.ask('down', '--volumes', '--timeout', '2');
}
