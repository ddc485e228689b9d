import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

/**
 * Connections that may wait to be accepted; the kernel takes less where `somaxconn` is less. Node's own 511 run over when
 * thousands of instances come back to a busy registry: their SYNs are dropped, and TCP tries again seconds later.
 */
const BACKLOG = 4_096;

/** Takes in connections for a server that does not listen itself: grpc-js cannot be told how many may wait. */
export class ConnectionIntake {
  readonly #server: Server;
  readonly #taken = new Set<Socket>();

  constructor(take: (connection: Socket) => void) {
    this.#server = createServer({ noDelay: true }, (connection) => {
      this.#taken.add(connection);
      connection.once('close', () => this.#taken.delete(connection));
      take(connection);
    });
  }

  /** Resolves with the port that is open. */
  async open(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host, port, backlog: BACKLOG }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no more. Resolves when those that were taken have ended. */
  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Takes no more, and ends those that were taken. */
  cut(): void {
    this.#server.close();
    for (const connection of this.#taken) connection.destroy();
  }
}
