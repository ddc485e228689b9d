import { timeLeft } from '@trellis/resilience';
import { Channels } from './channels.js';
import { connected } from './connected.js';
import { grpcCall, unreachable } from './grpc-call.js';
import { cancelled } from './terms.js';
import { AttemptFailure, type Transport } from './transport.js';

/** Instances are neighbours: one that has not answered the handshake by now is as good as gone. */
const CONNECT_TIMEOUT_MS = 1_000;

/** gRPC over grpc-js. It connects before it sends, so that a failure to connect is known to have sent nothing. */
export function createGrpcTransport(now: () => number): Transport {
  const channels = new Channels();
  return {
    async unary(attempt) {
      const client = channels.to(attempt.address);
      const patience = Math.min(CONNECT_TIMEOUT_MS, timeLeft(attempt.deadline, now()) / 2); // the rest is for a retry
      const ready = await connected(client.getChannel(), now() + patience, attempt.signal);
      if (attempt.signal?.aborted) throw new AttemptFailure('final', cancelled());
      if (!ready) throw unreachable();
      return grpcCall(client, attempt);
    },
    retain: (addresses) => channels.retain(addresses),
    close: () => channels.close(),
  };
}
