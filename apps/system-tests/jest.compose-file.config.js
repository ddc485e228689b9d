import preset from '../../jest.preset.js';

export default {
  ...preset,
  displayName: 'compose-file',
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/src/compose-file.real.ts'],
};
