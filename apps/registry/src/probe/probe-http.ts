import { request } from 'node:http';
import type { Address } from '../announce/address.js';
import { safeLookup } from './safe-lookup.js';

/**
 * Whether `GET path` is answered with a status from 200 to 299 before the signal. Redirects are not followed, and of the
 * answer nothing but its status is read.
 */
export function probeHttp({ host, port }: Address, path: string, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const asked = request(
    {
      host,
      port,
      path,
      signal,
      agent: false,
      lookup: safeLookup,
      maxHeaderSize: 8_192,
      headers: { 'user-agent': 'trellis-registry' },
    },
    (response) => {
      const { statusCode = 0 } = response;
      resolve(statusCode >= 200 && statusCode < 300);
      response.destroy();
    },
  );
  asked.on('error', () => resolve(false));
  asked.on('close', () => resolve(false));
  asked.end();
  return promise;
}
