import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Account } from './account.js';

/** PostgreSQL's fast shutdown, once the pipe from the starter is closed, in whatever way the starter ended. */
const WATCH = 'read _; kill -INT "$0"';

/**
 * PostgreSQL has no way to notice that its starter is gone, and would outlive one that was killed. A shell that reads a
 * pipe notices: it ends with the starter, or with the server, whichever goes first.
 */
export function endWithStarter(server: ChildProcess, account: Account): void {
  if (server.pid === undefined) return;
  const guard = spawn('/bin/sh', ['-c', WATCH, String(server.pid)], {
    ...account,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C is for the starter, and must not take the guard away first
  });
  guard.on('error', () => undefined); // no shell: then the next start ends what was left behind
  server.once('exit', () => guard.kill('SIGKILL'));
  guard.unref();
  (guard.stdin as Socket).unref(); // neither keeps the starter from ending by itself
}
