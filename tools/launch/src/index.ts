export { entryOf, root } from './checkout.js';
export { Child, type ProcessSpec, type ReadyMessage } from './child.js';
export { inheritedEnv } from './config.js';
export { freePort } from './free-port.js';
export { type RolloutEvent, rolloutEvent } from './rollout/rollout-event.js';
export type { RolloutOptions } from './rollout/rollout.js';
export { LogFile } from './log-file.js';
export type { Platform, PlatformOptions } from './platform.js';
export { type PlatformFile, credentialsFileHere, platformHere } from './platform-file.js';
export { type NewCredential, addCredential, keptCredential, newSecret } from './registry-credentials.js';
export { type Progress, showProgress } from './progress.js';
export {
  COMMAND_LINE_CLIENT,
  COMMAND_LINE_REDIRECT,
  DEVELOPMENT_CLIENT,
  credentialsFileIn,
  keep,
  prepareSecrets,
} from './secrets.js';
export type { ProcessStatus } from './supervisor.js';
export { BUSY_NODE_OPTIONS } from './topology.js';
export { temporaryPlatform } from './temporary-platform.js';
