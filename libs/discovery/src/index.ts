export type { Instance, InstanceState, Protocol } from './instance.js';
export type { Logger } from './logger.js';
export type { Directory, DirectoryStatus, WatchOptions } from './directory.js';
export { type DirectoryWithHosts, type HostLists, withFixedHosts } from './fixed-hosts.js';
export { watchRegistry } from './watched-directory.js';
export type { AnnouncedInstance, AnnounceOptions, Announcement, OwnState, Probe } from './announcement.js';
export { announce } from './announced-session.js';
