import type { TraceHeaders } from '@trellis/telemetry';
import type pg from 'pg';
import type { CloudEvent } from './cloud-event.js';
import { SHARDS } from './shard.js';

/** What waits in the outbox. */
export interface Backlog {
  readonly pending: number;
  /** Seconds that the oldest event waits. */
  readonly lag: number;
}

/** A committed event that waits in the outbox. */
export interface OutboxRow {
  /** A `bigint`, as text. */
  readonly id: string;
  readonly event: CloudEvent;
  readonly trace: TraceHeaders;
}

interface Columns {
  id: string;
  event_id: string;
  key: string;
  type: string;
  payload: Buffer;
  traceparent: string | null;
  tracestate: string | null;
  created_at: Date;
}

/** First number of the advisory locks that lease shards; the second is the shard. "outb" in ASCII: any fixed number does. */
const LOCK_CLASS = 0x6f757462;

/** The outbox table as its relay sees it, over one connection of the relay's own: the leases belong to the connection. */
export class Outbox {
  constructor(
    private readonly connection: pg.Client,
    private readonly source: string,
  ) {}

  /** Shards in which events wait, also those that cannot be read yet. */
  async waitingShards(): Promise<number[]> {
    const { rows } = await this.connection.query<{ shard: number }>(
      `SELECT shard FROM generate_series(0, ${SHARDS - 1}) AS shard
       WHERE EXISTS (SELECT FROM outbox WHERE outbox.shard = shard.shard)`,
    );
    return rows.map(({ shard }) => shard);
  }

  /** Those of the shards that no other relay has. A lease ends with `release` or with the connection. */
  async lease(shards: readonly number[]): Promise<number[]> {
    const { rows } = await this.connection.query<{ shard: number }>(
      'SELECT shard FROM unnest($2::int[]) AS shard WHERE pg_try_advisory_lock($1, shard)',
      [LOCK_CLASS, shards],
    );
    return rows.map(({ shard }) => shard);
  }

  async release(shards: readonly number[]): Promise<void> {
    await this.connection.query('SELECT pg_advisory_unlock($1, shard) FROM unnest($2::int[]) AS shard', [
      LOCK_CLASS,
      shards,
    ]);
  }

  /**
   * The oldest events of the shards. Ids are handed out before commit, so an event is read only when every transaction
   * that could still commit an older one has ended: when its own transaction id lies below the snapshot's xmin. A
   * transaction that stays open, in any database of the server, holds them back.
   */
  async read(shards: readonly number[], limit: number): Promise<OutboxRow[]> {
    const { rows } = await this.connection.query<Columns>(
      `SELECT id, event_id, key, type, payload, traceparent, tracestate, created_at FROM outbox
       WHERE shard = ANY($1::int[]) AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY id LIMIT $2`,
      [shards, limit],
    );
    return rows.map((row) => ({
      id: row.id,
      event: {
        id: row.event_id,
        type: row.type,
        source: this.source,
        time: row.created_at,
        key: row.key,
        payload: row.payload,
      },
      trace: { traceparent: row.traceparent ?? undefined, tracestate: row.tracestate ?? undefined },
    }));
  }

  /** How many events wait, counted up to `most`, and for how many seconds the oldest of them has. */
  async backlog(most: number): Promise<Backlog> {
    const { rows } = await this.connection.query<Backlog>(
      `SELECT count(*)::int AS pending, coalesce(greatest(0, extract(epoch FROM now() - min(created_at))), 0)::float8 AS lag
       FROM (SELECT created_at FROM outbox ORDER BY id LIMIT $1) AS oldest`,
      [most],
    );
    return rows[0] ?? { pending: 0, lag: 0 };
  }

  async remove(rows: readonly OutboxRow[]): Promise<void> {
    await this.connection.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [rows.map(({ id }) => id)]);
  }
}
