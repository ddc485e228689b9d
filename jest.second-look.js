import { jest } from '@jest/globals';

/**
 * In CI, where nobody can press the key again: a test that fails gets a second look after the others of its file, and its
 * first failure is printed. A fault fails twice; what a busy machine did to a deadline does not cost a whole run.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
