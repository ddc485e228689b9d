import preset from '../../jest.preset.js';

/** One platform for all stories, which run one after the other: each leaves it as whole as it found it. */
export default {
  ...preset,
  displayName: 'system-tests',
  rootDir: import.meta.dirname,
  testTimeout: 240_000, // a story ends by its own deadlines, which name what is missing
  forceExit: true, // a story that failed may have left something open, and the run is to end and say so
  globalSetup: '<rootDir>/platform.setup.js',
  globalTeardown: '<rootDir>/platform.teardown.js',
};
