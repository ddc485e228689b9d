export { root } from './checkout.js';
export { dataFolder } from './data-folder.js';
export { freePort } from './free-port.js';
export { type Platform, type PlatformOptions, startPlatform } from './platform.js';
export { type PlatformFile, platformHere, runningPlatform } from './platform-file.js';
export { COMMAND_LINE_CLIENT, COMMAND_LINE_REDIRECT, DEVELOPMENT_CLIENT } from './secrets.js';
export type { ProcessStatus } from './supervisor.js';
export { temporaryPlatform } from './temporary-platform.js';
