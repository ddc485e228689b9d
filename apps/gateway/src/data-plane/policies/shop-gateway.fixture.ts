import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, type Server, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { instanceAt } from '@trellis/discovery/testing';
import { BlogBackend, type Posts } from '../blog-backend.fixture.js';
import { blogAt } from '../instances.fixture.js';
import { TestGateway } from '../test-gateway.fixture.js';

/** What came back, byte for byte: `fetch` would undo a compression. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A gateway with a configuration file, in front of the blog and of a shop that speaks HTTP. */
export class ShopGateway {
  readonly gateway = new TestGateway();
  readonly blog = new BlogBackend();
  /** What the shop got. */
  readonly seen: IncomingMessage[] = [];
  /** What it says. */
  answer: RequestListener = (_, response) => response.end('ok');
  #shop: Server | undefined;

  async start(file: string, posts: Posts = {}): Promise<this> {
    const shop = createServer((request, response) => {
      this.seen.push(request.resume());
      this.answer(request, response);
    });
    this.#shop = shop.listen(0, '127.0.0.1');
    await once(shop, 'listening');
    const { port } = shop.address() as AddressInfo;
    await Promise.all([this.blog.start(posts), this.gateway.start({ file })]);
    this.gateway.directory.set(
      blogAt(this.blog.address),
      instanceAt('shop', `127.0.0.1:${port}`, { protocol: 'http', version: '2.1.0' }),
    );
    await this.gateway.fetch('/v1/posts/none'); // by now the routes are known
    return this;
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    this.#shop?.closeAllConnections();
    this.#shop?.close();
    this.blog.stop();
  }

  /** Without a token. */
  async get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
    const request = send({ port: this.gateway.port, host: '127.0.0.1', path, method, headers, agent: false }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await response.toArray());
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }
}
