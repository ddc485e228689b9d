export interface DevKafkaOptions {
  /** Folder that keeps the logs; created when missing. One broker at a time may use it. */
  readonly dataDir: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Where to listen, and what clients are told to connect to. Default 127.0.0.1. */
  readonly host?: string;
  readonly logger?: Logger;
}

/** The part of a pino logger that the broker uses. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface DevKafka {
  /** "host:port", as `brokers: [address]` of a client. */
  readonly address: string;
  /** Ends connections and closes the files. */
  stop(): Promise<void>;
}

/** Opens the data folder, then the port. Rejects with `PortInUse` when somebody else has the port. */
export async function startDevKafka(_options: DevKafkaOptions): Promise<DevKafka> {
  throw new Error('not built yet');
}
