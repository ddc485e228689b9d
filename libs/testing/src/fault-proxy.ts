import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import { FaultLink, type LinkFaults } from './fault-link.js';

/**
 * A network that breaks on command: stands between clients and one TCP server. It passes everything on until told
 * otherwise, and `pass()` mends it again.
 *
 *     const proxy = new FaultProxy('127.0.0.1:4000');
 *     const address = await proxy.listen(); // for the client, in place of the server's own
 *     proxy.freeze();
 */
export class FaultProxy {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #links = new Map<Socket, FaultLink>();
  /** Connected while frozen: nobody answers them until that is over. */
  readonly #held = new Set<Socket>();
  #faults: LinkFaults = WHOLE;
  #losesAnswerTo: ((request: Buffer) => boolean) | undefined;
  #lost = 0;
  #port = 0;

  /** `target` is `host:port`. */
  constructor(target: string) {
    const colon = target.lastIndexOf(':');
    this.#target = { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      if (!this.#faults.frozen) return this.#join(client);
      this.#held.add(client);
      client.on('error', () => client.destroy()).on('close', () => this.#held.delete(client));
    });
  }

  /** `host:port` to connect to in place of the target; empty until it listens. */
  get address(): string {
    return this.#port === 0 ? '' : `127.0.0.1:${this.#port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#links.size + this.#held.size;
  }

  /** How many answers `loseNextAnswer` has lost. */
  get lost(): number {
    return this.#lost;
  }

  async listen(): Promise<string> {
    await this.#open();
    return this.address;
  }

  /** Everything passes, also what waited while frozen. */
  async pass(): Promise<void> {
    this.#change(WHOLE);
    for (const client of this.#held) this.#join(client);
    this.#held.clear();
    if (!this.#server.listening) await this.#open();
  }

  /** A black hole: connections open and stay open, and not one byte arrives. */
  freeze(): void {
    this.#change({ ...this.#faults, frozen: true });
  }

  /** Every chunk arrives this many milliseconds late. */
  delay(delayMs: number): void {
    this.#change({ ...this.#faults, delayMs });
  }

  /** Ends every open connection. New ones pass. */
  cut(): void {
    for (const link of this.#links.values()) link.cut();
    for (const client of this.#held) client.destroy();
  }

  /** Ends every open connection and refuses new ones (ECONNREFUSED) until `pass`. */
  async refuse(): Promise<void> {
    const closed = this.#server.listening && once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  /** The next request that matches is delivered, and its connection ends in place of the answer. */
  loseNextAnswer(matches: (request: Buffer) => boolean): void {
    this.#losesAnswerTo = matches;
  }

  async close(): Promise<void> {
    await this.refuse();
  }

  async #open(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port; // the same one when it opens again
  }

  #change(faults: LinkFaults): void {
    this.#faults = faults;
    for (const link of this.#links.values()) link.follow();
  }

  #join(client: Socket): void {
    const target = connect({ ...this.#target, allowHalfOpen: true });
    const link = new FaultLink(client, target, () => ({ ...this.#faults, losesAnswerTo: this.#losing }));
    this.#links.set(client, link);
    client.on('close', () => this.#links.delete(client));
  }

  readonly #losing = (request: Buffer): boolean => {
    if (!this.#losesAnswerTo?.(request)) return false;
    this.#losesAnswerTo = undefined;
    this.#lost += 1;
    return true;
  };
}

const WHOLE: LinkFaults = { frozen: false, delayMs: 0, losesAnswerTo: () => false };
