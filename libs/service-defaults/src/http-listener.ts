import { once } from 'node:events';
import type { Server } from 'node:http';
import { portInUse } from './startup-problem.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Variable that holds the port, for whoever has to change it. */
  readonly variable: string;
  /** A socket that is open already, instead of the port. */
  readonly fd?: number | undefined;
}

/** Opens the port, or takes the socket that is open, and returns its number. */
export async function listen(server: Server, { host, port, variable, fd }: Endpoint): Promise<number> {
  try {
    await once(server.listen(fd === undefined ? { port, host } : { fd }), 'listening');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portInUse(port, variable) : error;
  }
  const bound = server.address();
  return typeof bound === 'object' && bound ? bound.port : port;
}

const IDLE_CHECK_MS = 25;

/** Takes no new connections and resolves when the last answer is out; what still runs at the signal is cut off. */
export async function drainHttp(server: Server, signal: AbortSignal): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection becomes idle only after its answer, and Node then waits for its timeout.
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const cut = (): void => server.closeAllConnections();
  if (signal.aborted) cut();
  signal.addEventListener('abort', cut, { once: true });
  await closed;
  clearInterval(idle);
  signal.removeEventListener('abort', cut);
}
