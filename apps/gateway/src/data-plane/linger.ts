import type { Readable } from 'node:stream';

/** How long a refused client may go on sending what nobody reads: long enough to see its answer first. */
const LINGER_MS = 1_000;

/** Throws away what still comes from a refused client, and cuts off one that does not end by itself. */
export function linger(source: Readable): void {
  const timer = setTimeout(() => source.destroy(), LINGER_MS).unref();
  source.once('close', () => clearTimeout(timer)).resume();
}
