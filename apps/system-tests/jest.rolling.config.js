import stories from './jest.config.js';

/** Every instance of every service replaced three times under load: some minutes. */
export default {
  ...stories,
  displayName: 'rolling',
  globalSetup: '<rootDir>/rolling.setup.js',
  testTimeout: 1_800_000,
  testMatch: ['<rootDir>/src/rolling.real.ts'],
};
