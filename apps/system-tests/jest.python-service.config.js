import preset from '../../jest.preset.js';

/** Services in plain Python, for machines that have it, and curl. */
export default {
  ...preset,
  displayName: 'python-service',
  rootDir: import.meta.dirname,
  testTimeout: 90_000,
  testMatch: ['<rootDir>/src/python-service.real.ts'],
};
