import { startShared } from './platform.setup.js';

/** A blog that refuses what comes on top of 20 calls at once: else it takes as many as it can bear, which nobody knows beforehand. */
const LIMIT = { CONCURRENCY_LIMIT_MIN: '20', CONCURRENCY_LIMIT_MAX: '20' };

export default (_, { globals }) => startShared(globals, { extra: { blog: LIMIT } });
