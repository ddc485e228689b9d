import { type Socket, connect } from 'node:net';
import { wholeMessage } from './http1.js';
import { isThePost } from './traffic.js';

/** Where the bytes of all connections arrive: each is done with them before the next one reads. */
const ARRIVALS = Buffer.alloc(65_536);

/** JSON texts that were looked at and are the post. Each subject orders its fields in its own way. */
const good = new Set<string>();

/** What is wrong with an answer, or undefined. */
function faultIn(head: string, body: Buffer): string | undefined {
  if (head.slice(9, 12) !== '200') return `${head.slice(9, head.indexOf('\r\n'))}: ${body.toString('latin1', 0, 200)}`;
  const text = body.toString('latin1');
  if (good.has(text)) return undefined;
  if (!isThePost(body.toString())) return `not the post: ${body.toString().slice(0, 200)}`;
  good.add(text);
  return undefined;
}

/** One keep-alive connection with one request under way at most. It costs less than any client library. */
export class Connection {
  readonly #socket: Socket;
  readonly #answered: (connection: this, fault: string | undefined) => void;
  #kept: Buffer | undefined;
  #closing = false;

  /** `answered` is called for each request, with what was wrong with its answer; after a break there are no more. */
  constructor(port: number, answered: (connection: Connection, fault: string | undefined) => void) {
    this.#answered = answered;
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: { buffer: ARRIVALS, callback: (length) => this.#read(length) },
    });
    this.#socket.on('error', () => undefined); // `close` follows
    this.#socket.on('close', () => {
      if (!this.#closing) this.#answered(this, 'the connection was closed');
    });
  }

  open(): Promise<void> {
    return new Promise((resolve, reject) => this.#socket.once('connect', resolve).once('error', reject));
  }

  get closed(): boolean {
    return this.#socket.destroyed;
  }

  send(request: Buffer): void {
    this.#socket.write(request);
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #read(length: number): boolean {
    const arrived = ARRIVALS.subarray(0, length);
    const bytes = this.#kept ? Buffer.concat([this.#kept, arrived]) : arrived;
    const message = wholeMessage(bytes);
    this.#kept = message ? undefined : Buffer.from(bytes);
    if (message) this.#answered(this, faultIn(message.head, message.body));
    return true;
  }
}
