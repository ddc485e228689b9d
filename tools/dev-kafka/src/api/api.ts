import type { Broker } from '../broker.js';
import type { WireReader } from '../wire/reader.js';
import type { WireWriter } from '../wire/writer.js';

/** Who asks, and what the answer is made of. */
export interface Call {
  readonly broker: Broker;
  /** Where clients find this broker. */
  readonly address: { readonly host: string; readonly port: number };
  readonly clientId: string;
  readonly clientHost: string;
  /** Aborted when the connection is gone: nothing waits for it any longer. */
  readonly signal: AbortSignal;
}

type Answer = WireWriter | undefined;

/**
 * One request of Kafka's protocol in the one version that kafkajs uses of it. Layouts:
 * https://kafka.apache.org/protocol#protocol_messages
 */
export interface Api {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  /** Reads the body, does it, and writes the body of the answer; undefined when the client wants none. */
  handle(request: WireReader, call: Call): Answer | Promise<Answer>;
}
