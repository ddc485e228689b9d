import preset from '../../jest.preset.js';

/** The stories about traces, with a real collector and a real Jaeger behind the platform. */
export default {
  ...preset,
  displayName: 'jaeger',
  rootDir: import.meta.dirname,
  testTimeout: 180_000,
  testMatch: ['<rootDir>/src/{trace-contracts.spec,jaeger.real}.ts'],
  globalSetup: '<rootDir>/jaeger.setup.js',
  globalTeardown: '<rootDir>/jaeger.teardown.js',
};
