import preset from '../../jest.preset.js';

/** One platform for all stories, which run one after the other: each leaves it as whole as it found it. */
export default {
  ...preset,
  displayName: 'system-tests',
  rootDir: import.meta.dirname,
  setupFilesAfterEnv: ['<rootDir>/patience.setup.js'],
  globalSetup: '<rootDir>/platform.setup.js',
  globalTeardown: '<rootDir>/platform.teardown.js',
};
