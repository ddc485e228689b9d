import { join } from 'node:path';
import preset from '../../jest.preset.js';

/** The gateway's random requests, ten times as many as in every run. */
export default {
  ...preset,
  displayName: 'million-requests',
  rootDir: join(import.meta.dirname, '../gateway'),
  testMatch: ['<rootDir>/src/data-plane/hostile/random-requests.spec.ts'],
  testTimeout: 300_000,
  globals: { RANDOM_REQUESTS: 1_000_000 },
};
