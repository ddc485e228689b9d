/** All projects in one run: one pool of workers and one result. `npx nx test NAME` runs one alone. */
export default {
  projects: ['<rootDir>/apps/*/jest.config.js', '<rootDir>/libs/*/jest.config.js', '<rootDir>/tools/*/jest.config.js'],
};
