export type { Instance, InstanceState, Protocol } from './instance.js';
export type { Logger } from './logger.js';
export { type Directory, type WatchOptions, watchRegistry } from './directory.js';
export {
  type AnnouncedInstance,
  type AnnounceOptions,
  type Announcement,
  type OwnState,
  announce,
} from './announcement.js';
