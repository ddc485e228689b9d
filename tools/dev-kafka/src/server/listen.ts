import { createServer, type Server, type Socket } from 'node:net';
import type { Broker } from '../broker.js';
import type { Logger } from '../logger.js';
import { type ConnectionLimits, serveConnection } from './connection.js';

export interface ListenOptions {
  readonly broker: Broker;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly limits: ConnectionLimits & {
    readonly maxConnections: number;
    /** A connection without a byte for so long is closed, in milliseconds. */
    readonly idleMs: number;
  };
  readonly logger: Logger;
}

export interface Listening {
  readonly port: number;
  /** Ends all connections, and resolves when their last requests are done. */
  close(): Promise<void>;
}

/** Thrown when the wanted port is taken. */
export class PortInUse extends Error {
  constructor(
    readonly host: string,
    readonly port: number,
  ) {
    super(`Port ${port} on ${host} is in use`);
  }
}

/** Takes connections until closed. Rejects with `PortInUse`. */
export async function listen({ broker, host, port, limits, logger }: ListenOptions): Promise<Listening> {
  const connections = new Map<Socket, Promise<void>>();
  const pending = { bytes: 0 };
  const server = createServer({ noDelay: true });
  const bound = await bind(server, host, port);
  const address = { host, port: bound };
  server.maxConnections = limits.maxConnections;
  server.on('drop', () => logger.warn({ limit: limits.maxConnections }, 'A connection too many is refused'));
  server.on('connection', (socket) => {
    socket.setTimeout(limits.idleMs, () => socket.destroy());
    const done = serveConnection(socket, { broker, address, limits, logger, pending });
    connections.set(
      socket,
      done.finally(() => connections.delete(socket)),
    );
  });
  return {
    port: bound,
    close: async () => {
      server.close();
      for (const socket of connections.keys()) socket.destroy();
      broker.groups.close(); // members that wait for others would wait on
      await Promise.all(connections.values());
    },
  };
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUse(host, port) : error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      if (typeof address === 'object' && address) resolve(address.port);
      else reject(new Error('The server has no port'));
    });
  });
}
