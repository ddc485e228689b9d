import stories from './jest.config.js';

/** The main story, against Apache Kafka. */
export default {
  ...stories,
  displayName: 'apache-kafka',
  testMatch: ['<rootDir>/src/post-travels-through.spec.ts'],
  globalSetup: '<rootDir>/apache-kafka.setup.js',
};
