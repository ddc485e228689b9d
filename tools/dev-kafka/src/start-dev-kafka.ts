import { mkdirSync } from 'node:fs';
import { Broker } from './broker.js';
import { lockFolder } from './folder-lock.js';
import { type Logger, silent } from './logger.js';
import { listen } from './server/listen.js';

export interface DevKafkaOptions {
  /** Folder that keeps the logs; created when missing. One broker at a time may use it. */
  readonly dataDir: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Where to listen, and what clients are told to connect to. Default 127.0.0.1. */
  readonly host?: string;
  readonly logger?: Logger;
}

export interface DevKafka {
  /** "host:port", as `brokers: [address]` of a client. */
  readonly address: string;
  /** Ends connections and closes the files. */
  stop(): Promise<void>;
}

const MiB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

const TOPIC_LIMITS = {
  segmentBytes: 16 * MiB,
  retentionBytes: 256 * MiB,
  retentionMs: 7 * DAY_MS,
  maxBatchBytes: 1_048_588, // Kafka's message.max.bytes: what is too large there is too large here
  maxPartitions: 2000,
  defaultPartitions: 3,
};

const SERVER_LIMITS = {
  maxConnections: 256,
  maxRequestBytes: 16 * MiB,
  maxPendingBytes: 64 * MiB,
  transferWithinMs: 30_000,
  idleMs: 10 * 60_000, // Kafka's connections.max.idle.ms
};

/** Sessions, rebalances and transactions end at most this much too late. */
const TICK_MS = 50;
const RETENTION_EVERY_MS = 60_000;

/** Opens the data folder, then the port. Rejects with `PortInUse`, or when another process uses the folder. */
export async function startDevKafka(options: DevKafkaOptions): Promise<DevKafka> {
  const { dataDir, port = 0, host = '127.0.0.1', logger = silent } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(dataDir);
  try {
    const broker = new Broker({ dataDir, limits: TOPIC_LIMITS, logger, now: Date.now });
    const server = await listen({ broker, host, port, limits: SERVER_LIMITS, logger });
    const timers = [
      setInterval(() => broker.tick(), TICK_MS),
      setInterval(() => broker.applyRetention(), RETENTION_EVERY_MS),
    ];
    const address = `${host}:${server.port}`;
    logger.info({ address, dataDir }, 'dev-kafka is bound');
    return {
      address,
      stop: async () => {
        timers.forEach(clearInterval);
        await server.close();
        broker.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
