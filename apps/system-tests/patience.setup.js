import { jest } from '@jest/globals';

// A story ends by its own deadlines, which name what is missing. (Jest ignores `testTimeout` of one project among several.)
jest.setTimeout(90_000);
