import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Instance } from '@trellis/discovery';
import { instanceAt } from '@trellis/discovery/testing';
import type { CallPolicies } from '../policy/call-policies.js';
import { createRpc } from '../create-rpc.js';
import { directoryOf, quiet } from '../platform.fixture.js';
import type { HttpBody, Rpc } from '../rpc.js';

/** One connection to a raw server, and the bytes that came on it. */
export interface Peer {
  readonly socket: Socket;
  received: string;
}

/** What it does with each piece that comes; `nth` counts the connections from 1. */
export type Script = (peer: Peer, nth: number) => unknown;

/** A server that says exactly what its script says, in bytes. */
export class RawHttp {
  readonly peers: Peer[] = [];
  readonly #server: Server;

  constructor(script: Script, tls?: { readonly key: string; readonly cert: string }) {
    const take = (socket: Socket): void => {
      const peer = { socket: socket.on('error', () => undefined), received: '' };
      const nth = this.peers.push(peer);
      socket.on('data', (piece) => {
        peer.received += piece.toString('latin1');
        script(peer, nth);
      });
    };
    this.#server = tls ? createTlsServer(tls, take).on('tlsClientError', () => undefined) : createServer(take);
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    for (const { socket } of this.peers) socket.destroy();
  }
}

/** Answers each complete request head with the same bytes. */
export const saying =
  (bytes: string): Script =>
  (peer) => {
    while (peer.received.includes('\r\n\r\n')) {
      peer.received = peer.received.slice(peer.received.indexOf('\r\n\r\n') + 4);
      peer.socket.write(bytes, 'latin1');
    }
  };

/** Raw servers and a stack that calls them as instances `a`, `b`, … of `shop`, in turn, all gone after the spec. */
export class RawShop {
  readonly servers: RawHttp[] = [];
  #rpc: Rpc | undefined;

  async open(scripts: readonly (Script | RawHttp)[], policies: CallPolicies = {}): Promise<Rpc> {
    const instances: Instance[] = [];
    for (const script of scripts) {
      const server = script instanceof RawHttp ? script : new RawHttp(script);
      this.servers.push(server);
      const id = String.fromCharCode(97 + instances.length);
      instances.push(instanceAt('shop', await server.start(), { id, protocol: 'http' }));
    }
    return this.to(instances, policies);
  }

  to(instances: readonly Instance[], policies: CallPolicies = {}): Rpc {
    const defaults = { strategy: 'round-robin', ...policies.defaults } as const;
    this.#rpc = createRpc({ directory: directoryOf(...instances), logger: quiet, policies: { ...policies, defaults } });
    return this.#rpc;
  }

  /** What the servers got, connection by connection. */
  get received(): string[] {
    return this.servers.flatMap(({ peers }) => peers.map(({ received }) => received));
  }

  close(): void {
    this.#rpc?.close();
    for (const server of this.servers.splice(0)) server.stop();
  }
}

/** What the body of an answer says. */
export const told = async (body: HttpBody): Promise<string> => Buffer.from(await body.bytes(1_000_000)).toString();
