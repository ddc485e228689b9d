import { startShared } from './platform.setup.js';

/**
 * Services answer late rather than refuse for overload: a machine that does other work as well, or starts a process on every
 * core, shall not look like a replaced instance that was noticed. What overload does is the story `overload`.
 */
const patient = { CONCURRENCY_LIMIT_MIN: '500' };

export default (_, { globals }) => startShared(globals, { extra: { blog: patient, user: patient } });
