-- What a service that publishes or consumes events has in its database; its first migration has the same.

CREATE TABLE outbox (
    id BIGSERIAL PRIMARY KEY,
    event_id UUID NOT NULL,
    shard SMALLINT NOT NULL,
    key TEXT NOT NULL,
    type TEXT NOT NULL,
    payload BYTEA NOT NULL,
    traceparent TEXT,
    tracestate TEXT,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX outbox_shard_id_idx ON outbox (shard, id);

CREATE TABLE inbox (
    consumer_group TEXT NOT NULL,
    event_id TEXT NOT NULL,
    received_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (consumer_group, event_id)
);
CREATE INDEX inbox_received_at_idx ON inbox (received_at);
