/** All specs in one run: one pool of workers and one result. The stories have a configuration and a run of their own. */
export default {
  // A bound for what hangs, not a measure: a busy machine takes a minute for what is done in two seconds elsewhere.
  testTimeout: 120_000,
  // A spec that failed may have left a server open, and the run is to end and say so.
  forceExit: true,
  projects: [
    '<rootDir>/apps/!(system-tests)/jest.config.js',
    '<rootDir>/libs/*/jest.config.js',
    '<rootDir>/tools/*/jest.config.js',
  ],
};
