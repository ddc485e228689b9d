import preset from '../../jest.preset.js';

/** The rules of docker/prometheus-rules.yaml by promtool. */
export default {
  ...preset,
  displayName: 'alert-rules',
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/src/alert-rules.real.ts'],
};
