import type { InstanceConfig } from './common-env.js';

/** Descriptors 0 to 2 are the standard streams; sockets that are handed over follow. sd_listen_fds(3) */
const FIRST = 3;

/** Name of the socket that the HTTP side takes; where there is one alone, its name does not matter. */
const HTTP = 'http';

type ListenEnv = Pick<InstanceConfig, 'LISTEN_FDS' | 'LISTEN_FDNAMES' | 'LISTEN_PID'>;

/**
 * Descriptor of a socket that whoever started this process has opened for its HTTP side, by systemd's protocol; undefined
 * without one. It outlives the process: connections that nobody has accepted yet are its successor's, and none is refused.
 * Variables for another process, which a wrapper has passed on, are left alone.
 */
export function inheritedHttpSocket(
  { LISTEN_FDS: sockets = 0, LISTEN_FDNAMES: names = [], LISTEN_PID: owner }: ListenEnv,
  pid = process.pid,
): number | undefined {
  if (owner !== undefined && owner !== pid) return undefined;
  if (sockets === 1) return FIRST;
  const index = names.slice(0, sockets).indexOf(HTTP);
  return index < 0 ? undefined : FIRST + index;
}
