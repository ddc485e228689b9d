/** All specs in one run: one pool of workers and one result. The stories have a configuration and a run of their own. */
export default {
  // A bound for what hangs, not a measure: a busy machine starts a PostgreSQL in ten seconds as well.
  testTimeout: 30_000,
  projects: [
    '<rootDir>/apps/!(system-tests)/jest.config.js',
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/tools/*/jest.config.js',
  ],
};
