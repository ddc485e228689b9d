export { root } from './checkout.js';
export { inheritedEnv } from './config.js';
export { freePort } from './free-port.js';
export type { Platform, PlatformOptions } from './platform.js';
export { type PlatformFile, platformHere } from './platform-file.js';
export { type Progress, showProgress } from './progress.js';
export { COMMAND_LINE_CLIENT, COMMAND_LINE_REDIRECT, DEVELOPMENT_CLIENT } from './secrets.js';
export type { ProcessStatus } from './supervisor.js';
export { temporaryPlatform } from './temporary-platform.js';
