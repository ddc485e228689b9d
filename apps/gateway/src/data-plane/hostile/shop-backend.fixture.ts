import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Seen } from './hostile-requests.fixture.js';

/** An HTTP service that keeps what it was sent as a whole. */
export class ShopBackend {
  readonly seen: Seen[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    if (body === undefined) return; // cut off: there was no whole request
    const { method = '', url = '', headers } = request;
    const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    this.seen.push({ method, target: url, headers: Object.fromEntries(flat), body });
    response.end('ok');
  });
  address = '';

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.address = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  let body = '';
  try {
    for await (const chunk of request.setEncoding('latin1')) body += String(chunk);
    return body;
  } catch {
    return undefined;
  }
}
