import type { Logger } from '@trellis/telemetry';
import pg from 'pg';
import { Bell } from './bell.js';
import type { Kafka } from './kafka.js';
import { Outage } from './outage.js';
import { Outbox, type OutboxRow } from './outbox.js';
import { atMost, pauseAfter } from './pause.js';
import { RelayMetrics } from './relay-metrics.js';
import { sendTraced } from './traced-send.js';

export interface OutboxRelayOptions {
  /** The database that holds the `outbox` table. */
  readonly databaseUrl: string;
  readonly kafka: Kafka;
  /** CloudEvents source: `urn:trellis:blog`. */
  readonly source: string;
  readonly logger: Logger;
}

/** Publishes what the outbox holds. Any number of instances may run one: each shard is relayed by one at a time. */
export interface OutboxRelay {
  start(): void;
  /** Call it after a commit that published something: saves the wait for the next poll. */
  wake(): void;
  /** Finishes the batch at hand, within 5 seconds. What is left stays in the outbox. */
  stop(): Promise<void>;
}

/** The net under `wake`: finds what other instances left. Milliseconds. */
const POLL_EVERY = 1000;
/** First pause when events wait that cannot be read yet or are another relay's; doubles up to `POLL_EVERY`. */
const SHORTEST_PAUSE = 20;
const BATCH_EVENTS = 200;
/** Well below 1 MiB, the largest batch that Kafka takes by default (`max.message.bytes`). */
const BATCH_BYTES = 512 * 1024;
const STOP_TIMEOUT = 5000;
/** Events that are counted at most, and milliseconds between two counts: it is for a gauge, and a long table is slow to count. */
const COUNTED = 10_000;
const COUNT_EVERY = 1000;

export function createOutboxRelay(options: OutboxRelayOptions): OutboxRelay {
  return new Relay(options);
}

class Relay implements OutboxRelay {
  readonly #bell = new Bell();
  readonly #outage: Outage;
  readonly #metrics = new RelayMetrics(() => performance.now());
  #countedAt = -Infinity;
  #connection: pg.Client | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(private readonly options: OutboxRelayOptions) {
    this.#outage = new Outage(options.logger, 'Publishing events');
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#bell.ring();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#bell.ring();
    await atMost(STOP_TIMEOUT, Promise.resolve(this.#running));
    await this.#disconnect();
  }

  async #run(): Promise<void> {
    let fruitless = 0;
    while (!this.#stopped) {
      try {
        const { waiting, sent } = await this.#pass();
        this.#outage.worked();
        fruitless = waiting && sent === 0 ? fruitless + 1 : 0;
        if (sent === 0) {
          const soon = Math.min(POLL_EVERY, SHORTEST_PAUSE * 2 ** (fruitless - 1));
          await this.#bell.wait(waiting ? soon : POLL_EVERY);
        }
      } catch (error) {
        if (this.#stopped) return;
        this.#outage.failed(error);
        this.#metrics.failed();
        await this.#disconnect(); // whatever it was: the leases go to a relay that works
        await this.#pauseAfterFailure();
      }
    }
  }

  /** A wake does not shorten it: whoever publishes while Kafka is away would make a storm of attempts. */
  async #pauseAfterFailure(): Promise<void> {
    const end = Date.now() + pauseAfter(this.#outage.failures);
    while (!this.#stopped && Date.now() < end) await this.#bell.wait(end - Date.now());
  }

  /** One batch over all shards that are free: whether anything waited, and how many events went out. */
  async #pass(): Promise<{ waiting: boolean; sent: number }> {
    const outbox = new Outbox(await this.#connected(), this.options.source);
    await this.#count(outbox);
    const waiting = await outbox.waitingShards();
    if (waiting.length === 0) return { waiting: false, sent: 0 };
    const leased = await outbox.lease(waiting);
    try {
      const batch = fitting(await outbox.read(leased, BATCH_EVENTS));
      if (batch.length > 0) {
        await sendTraced(this.options.kafka, batch);
        this.#metrics.published(batch.length);
        await outbox.remove(batch); // after the acknowledgement: a crash in between sends them twice, never not at all
      }
      return { waiting: true, sent: batch.length };
    } finally {
      await outbox.release(leased);
    }
  }

  async #count(outbox: Outbox): Promise<void> {
    if (performance.now() - this.#countedAt < COUNT_EVERY) return;
    this.#countedAt = performance.now();
    this.#metrics.saw(await outbox.backlog(COUNTED));
  }

  async #connected(): Promise<pg.Client> {
    if (this.#connection) return this.#connection;
    const connection = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: 'outbox-relay',
      connectionTimeoutMillis: 5000,
      query_timeout: 10_000,
      keepAlive: true,
    });
    connection.on('error', (error) => {
      this.options.logger.debug({ err: error }, 'The outbox relay lost its database connection');
    });
    connection.on('end', () => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    await connection.connect();
    this.#connection = connection;
    return connection;
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) await atMost(STOP_TIMEOUT, connection.end());
  }
}

/** As many from the front as fit into one Kafka batch, at least one. */
function fitting(rows: readonly OutboxRow[]): readonly OutboxRow[] {
  let bytes = 0;
  const over = rows.findIndex(({ event }, index) => (bytes += event.payload.length) > BATCH_BYTES && index > 0);
  return over < 0 ? rows : rows.slice(0, over);
}
