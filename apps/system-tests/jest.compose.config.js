import preset from '../../jest.preset.js';

/** One deployment by docker compose for all its stories, which run one after the other: each leaves it as whole as it found it. */
export default {
  ...preset,
  displayName: 'compose',
  rootDir: import.meta.dirname,
  testTimeout: 900_000,
  testMatch: ['<rootDir>/src/compose-*.real.ts'],
  testPathIgnorePatterns: ['compose-file'],
  globalSetup: '<rootDir>/compose.setup.js',
  globalTeardown: '<rootDir>/compose.teardown.js',
};
