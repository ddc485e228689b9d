import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** Stands between clients and the broker and loses answers: the request is done, but its client never learns it. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cutNextAnswerTo: number | undefined;
  #cuts = 0;

  constructor(broker: string) {
    const [host, port] = broker.split(':');
    this.#server = createServer((client) => this.#join(client, connect(Number(port), host)));
  }

  get cuts(): number {
    return this.#cuts;
  }

  /** For kafkajs, which would otherwise go to the address that the broker announces. */
  get socketFactory(): ISocketFactory {
    return ({ onConnect }) => {
      const address = this.#server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      return connect(port, '127.0.0.1', onConnect).setKeepAlive(true);
    };
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** Ends the connection instead of delivering the answer to the next request with this key. */
  cutNextAnswerTo(apiKey: number): void {
    this.#cutNextAnswerTo = apiKey;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(client: Socket, broker: Socket): void {
    let cutNext = false;
    const end = (): void => {
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.once('error', end).once('close', end);
    }
    client.on('data', (request: Buffer) => {
      if (request.length >= 6 && request.readInt16BE(4) === this.#cutNextAnswerTo) {
        cutNext = true;
        this.#cutNextAnswerTo = undefined;
      }
      broker.write(request);
    });
    broker.on('data', (answer) => {
      if (!cutNext) return void client.write(answer);
      this.#cuts++;
      end();
    });
  }
}
