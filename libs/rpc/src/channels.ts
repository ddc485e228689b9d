import { Client, credentials } from '@grpc/grpc-js';

/** An instance has one channel; more instances than this in one directory are not for this transport. */
const MOST_CHANNELS = 1_000;

const OPTIONS = {
  // Retries and balancing are decided in one place, ours; grpc-js shall only carry.
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.enable_http_proxy': 0, // grpc-js would read proxy variables; instances are reached directly
  'grpc.enable_channelz': 0,
  'grpc.use_local_subchannel_pool': 1, // the connection ends with its channel
  // A restarted instance on a known address is tried again within 300 ms, and a dead one costs three packets a second.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 300,
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  // A frozen peer still acknowledges TCP. While calls are under way it is asked, and given up 2 s later.
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 2_000,
};

/** One channel for each address, opened on first use. */
export class Channels {
  readonly #open = new Map<string, Client>();

  to(address: string): Client {
    let client = this.#open.get(address);
    if (!client) {
      const oldest = this.#open.keys().next();
      if (this.#open.size >= MOST_CHANNELS && !oldest.done) this.#close(oldest.value);
      client = new Client(address, credentials.createInsecure(), OPTIONS);
      this.#open.set(address, client);
    }
    return client;
  }

  /** Closes all others. */
  retain(addresses: ReadonlySet<string>): void {
    for (const address of this.#open.keys()) if (!addresses.has(address)) this.#close(address);
  }

  /** Ends every connection as soon as its calls have finished. */
  close(): void {
    this.retain(new Set());
  }

  #close(address: string): void {
    this.#open.get(address)?.close();
    this.#open.delete(address);
  }
}
