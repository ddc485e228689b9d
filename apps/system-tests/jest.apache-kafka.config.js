import stories from './jest.config.js';

/** The main story, the traces, and what the stand-in answers otherwise, against Apache Kafka. */
export default {
  ...stories,
  displayName: 'apache-kafka',
  testMatch: ['<rootDir>/src/{post-travels-through.spec,trace-contracts.spec,kafka-differences.real}.ts'],
  globalSetup: '<rootDir>/apache-kafka.setup.js',
  globalTeardown: '<rootDir>/apache-kafka.teardown.js',
};
