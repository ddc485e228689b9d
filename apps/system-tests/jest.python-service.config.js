import preset from '../../jest.preset.js';

/** A service in plain Python, for machines that have it. */
export default {
  ...preset,
  displayName: 'python-service',
  rootDir: import.meta.dirname,
  testTimeout: 90_000,
  testMatch: ['<rootDir>/src/python-service.real.ts'],
};
