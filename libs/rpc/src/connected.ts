import { type ChannelInterface, connectivityState } from '@grpc/grpc-js';

/**
 * Whether the channel is connected, connecting it first if need be. False as soon as connecting failed, `until` (epoch
 * milliseconds) is over, or the caller gave up: nothing has been sent then. grpc-js itself would go on waiting for an
 * address that swallows packets, and for a frozen process behind an open port, until the call's deadline.
 */
export function connected(channel: ChannelInterface, until: number, signal?: AbortSignal): Promise<boolean> {
  if (stateOf(channel) === connectivityState.READY) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (ready: boolean) => {
      signal?.removeEventListener('abort', giveUp);
      resolve(ready);
    };
    const giveUp = () => settle(false);
    const look = () => {
      const state = stateOf(channel);
      if (state === connectivityState.READY) return settle(true);
      if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN) return settle(false);
      channel.watchConnectivityState(state, until, (timeout) => (timeout ? settle(false) : look()));
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    look();
  });
}

/** Asking also wakes an idle channel. */
function stateOf(channel: ChannelInterface): connectivityState {
  try {
    return channel.getConnectivityState(true);
  } catch {
    return connectivityState.SHUTDOWN; // that is how grpc-js answers for a closed channel
  }
}
