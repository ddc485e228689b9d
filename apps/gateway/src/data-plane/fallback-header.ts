import type { UnaryAnswer } from '@trellis/rpc';
import type { Exchange } from './exchange.js';

/** Tells the client that the answer is not the service's own: from a backup, an older one, or one that was prepared. */
export function noteFallback({ response }: Exchange, fallback: UnaryAnswer['fallback']): void {
  if (fallback !== undefined) response.setHeader('x-fallback', fallback);
}
