export { type EventConsumer, createConsumer } from './consumer.js';
export type { Kafka, KafkaRecord, ReceivedRecord, Subscription } from './kafka.js';
export { type KafkaOptions, createKafka } from './kafkajs.js';
export { type Delivery, type EventHandler, OnEvent, eventHandlers } from './on-event.js';
export { type OutboxRelay, type OutboxRelayOptions, createOutboxRelay } from './outbox-relay.js';
export { type DomainEvent, publish } from './publish.js';
export type { EventConsumerOptions } from './receive.js';
export type { SqlTransaction, TransactionalDatabase } from './sql-transaction.js';
