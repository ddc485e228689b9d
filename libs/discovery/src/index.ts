export type { Instance, InstanceState, Protocol } from './instance.js';
export type { Logger } from './logger.js';
export { type Directory, type WatchOptions, watchRegistry } from './directory.js';
export type { AnnouncedInstance, AnnounceOptions, Announcement, OwnState } from './announcement.js';
export { announce } from './announced-session.js';
