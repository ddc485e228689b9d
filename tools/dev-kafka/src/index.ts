export { type DevKafka, type DevKafkaOptions, type Logger, startDevKafka } from './start-dev-kafka.js';
