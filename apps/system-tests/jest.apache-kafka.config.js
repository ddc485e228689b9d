import stories from './jest.config.js';

/** The main story and the traces, against Apache Kafka. */
export default {
  ...stories,
  displayName: 'apache-kafka',
  testMatch: ['<rootDir>/src/{post-travels-through,trace-contracts}.spec.ts'],
  globalSetup: '<rootDir>/apache-kafka.setup.js',
  globalTeardown: '<rootDir>/apache-kafka.teardown.js',
};
