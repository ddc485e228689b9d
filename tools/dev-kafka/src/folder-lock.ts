import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer } from 'node:net';

/**
 * Makes sure that no other process uses the folder: two brokers would overwrite each other. The lock is a socket in
 * Linux's abstract namespace, which the kernel removes with the process, however that ends; a file would stay behind
 * after kill -9. Other systems have no such thing, and the lock always succeeds there.
 */
export async function lockFolder(folder: string): Promise<{ release(): void }> {
  if (process.platform !== 'linux') return { release: () => undefined };
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Another dev-kafka uses ${folder}`) : error);
    });
    server.listen(`\0trellis-dev-kafka-${name}`, () => resolve());
  });
  server.unref();
  return { release: () => server.close() };
}
