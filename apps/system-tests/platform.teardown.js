export default async function teardown() {
  await globalThis.trellis?.stop();
}
