import preset from '../../jest.preset.js';

/** One platform for all stories, which run one after the other: each leaves it as whole as it found it. */
export default {
  ...preset,
  displayName: 'system-tests',
  rootDir: import.meta.dirname,
  testTimeout: 90_000, // a story ends by its own deadlines, which name what is missing
  globalSetup: '<rootDir>/platform.setup.js',
  globalTeardown: '<rootDir>/platform.teardown.js',
};
