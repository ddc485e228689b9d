import stories from './jest.config.js';

/** Every alert, fired by breaking something under a real Prometheus. */
export default {
  ...stories,
  displayName: 'alerts',
  testMatch: ['<rootDir>/src/alerts.real.ts'],
  globalSetup: '<rootDir>/alerts.setup.js',
};
