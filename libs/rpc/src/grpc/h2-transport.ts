import { AsyncLocalStorage } from 'node:async_hooks';
import { givenUp, late } from '../call-failures.js';
import { H2Call } from './h2-call.js';
import { H2Peer } from './h2-peer.js';
import type { Transport } from '../transport.js';

/** More instances than this in one directory are not for this transport. */
const MOST_PEERS = 1_000;

/** gRPC over HTTP/2 of our own, plaintext. `now` gives epoch milliseconds. */
export function createH2Transport(now: () => number = Date.now): Transport {
  const peers = new Map<string, H2Peer>();
  // A connection outlives the call that opened it, and shall not keep that call's context, or be traced as part of it.
  const detached = AsyncLocalStorage.snapshot();

  function drop(address: string): void {
    peers.get(address)?.close();
    peers.delete(address);
  }

  function peerAt(address: string): H2Peer {
    let peer = peers.get(address);
    if (!peer) {
      const oldest = peers.keys().next();
      if (peers.size >= MOST_PEERS && !oldest.done) drop(oldest.value);
      peer = new H2Peer(address, detached);
      peers.set(address, peer);
    }
    return peer;
  }

  return {
    unary: (attempt) =>
      new Promise((resolve, reject) => {
        if (attempt.signal?.aborted) return reject(givenUp());
        if (attempt.deadline <= now()) return reject(late());
        peerAt(attempt.address).send(new H2Call(attempt, now, resolve, reject));
      }),
    retain(addresses) {
      for (const address of peers.keys()) if (!addresses.has(address)) drop(address);
    },
    close() {
      for (const address of peers.keys()) drop(address);
    },
  };
}
