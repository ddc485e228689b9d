import preset from '../../jest.preset.js';

/** Two minutes without a registry: too long for every run. */
export default {
  ...preset,
  displayName: 'registry-outage',
  rootDir: import.meta.dirname,
  testTimeout: 90_000,
  testMatch: ['<rootDir>/src/registry-outage.real.ts'],
};
