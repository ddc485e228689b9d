import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that is free right now. Only for what several processes must know before one of them listens; all
 * else listens on port 0.
 */
export async function freePort(): Promise<number> {
  return await listenOnce(0);
}

/** Whether a port of 127.0.0.1 can be listened on. */
export async function isFree(port: number): Promise<boolean> {
  return await listenOnce(port).then(
    () => true,
    () => false,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
