import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that operating systems give to outgoing connections (Linux from 32768, macOS from 49152): one of those
 * may be taken by anybody's next connection before its process listens, or while it is started again.
 */
const FIRST = 20_000;
const END = 32_768;
const TRIES = 100;

/**
 * A port of 127.0.0.1 that nobody listens on. Only for what several processes must know before one of them listens; all
 * else listens on port 0.
 */
export async function freePort(random: (first: number, end: number) => number = randomInt): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = random(FIRST, END);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port among ${TRIES} from ${FIRST} to ${END - 1}`);
}

/** Whether a port of 127.0.0.1 can be listened on. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
