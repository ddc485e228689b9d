import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, buildConnector } from 'undici';
import type { CallPolicy } from '../policy/call-policy.js';

/** Instances are neighbours: one that has not answered the handshake by now is as good as gone. */
const CONNECT_TIMEOUT_MS = 1_000;
/** To one instance, one for each request under way. More requests wait for their turn, within their deadline. */
const MAX_CONNECTIONS = 1_024;
/** Timeouts are those of the exchange, which knows the deadline too. */
const NEVER = 0;

/** The connections to instances that speak HTTP/1.1. They close when they are not used for some seconds. */
export class HttpPeers {
  readonly #known = new WeakMap<CallPolicy, Map<string, Pool>>();
  readonly #open = new Set<Pool>();
  // A connection outlives the request that opened it, and shall not keep that one's context, or be traced as part of it.
  readonly #detached = AsyncLocalStorage.snapshot();

  /** Throws for what is no `host:port`. */
  at(address: string, policy: CallPolicy): Pool {
    let peers = this.#known.get(policy);
    if (!peers) this.#known.set(policy, (peers = new Map()));
    let peer = peers.get(address);
    if (!peer) peers.set(address, (peer = this.#connect(address, policy, peers)));
    return peer;
  }

  /** Breaks off what is under way. */
  close(): void {
    for (const peer of this.#open) void peer.destroy();
    this.#open.clear();
  }

  #connect(address: string, { tls, connectTimeout }: CallPolicy, peers: Map<string, Pool>): Pool {
    const connect = buildConnector({
      timeout: connectTimeout ?? CONNECT_TIMEOUT_MS,
      allowH2: false,
      ...(tls && tls.ca !== undefined && { ca: tls.ca }),
      ...(tls && tls.serverName !== undefined && { servername: tls.serverName }),
    });
    const peer = new Pool(`${tls ? 'https' : 'http'}://${address}`, {
      connections: MAX_CONNECTIONS,
      headersTimeout: NEVER,
      bodyTimeout: NEVER,
      allowH2: false,
      // Whom we connect to does not depend on the request's Host, which is the client's.
      connect: ({ servername: _, ...rest }, connected) => this.#detached(() => connect(rest, connected)),
    });
    const forgetUnused = (): void => {
      const { connected, size } = peer.stats;
      if (peer.destroyed || connected > 0 || size > 0) return;
      if (peers.get(address) === peer) peers.delete(address);
      this.#open.delete(peer);
      void peer.close();
    };
    peer.on('disconnect', forgetUnused).on('connectionError', forgetUnused);
    this.#open.add(peer);
    return peer;
  }
}
