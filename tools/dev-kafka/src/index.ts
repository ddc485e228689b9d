export type { Logger } from './logger.js';
export { PortInUse } from './server/listen.js';
export { type DevKafka, type DevKafkaOptions, startDevKafka } from './start-dev-kafka.js';
