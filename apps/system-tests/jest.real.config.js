import preset from '../../jest.preset.js';

/** Checks against real servers: see tools/real. */
export default {
  ...preset,
  displayName: 'real',
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/src/**/*.real.ts'],
};
