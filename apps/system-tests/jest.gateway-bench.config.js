import preset from '../../jest.preset.js';

/** The benchmark of the gateway, as short as it gets: about what it can go wrong in, not about its figures. */
export default {
  ...preset,
  displayName: 'gateway-bench',
  rootDir: import.meta.dirname,
  testTimeout: 180_000,
  testMatch: ['<rootDir>/src/gateway-bench.real.ts'],
};
