import { size } from '@trellis/config-file';
import type { z } from 'zod';
import { checkAnnouncedSize } from '../body.js';
import type { Policy } from './policy.js';

/** The largest body of a request. One that is announced larger is refused before a byte of it is read. */
export const maxBody: Policy<z.output<typeof size>> = {
  name: 'maxBody',
  settings: size.describe('The largest body of a request: 1MiB.'),
  prepare(bytes) {
    if (bytes === undefined) return undefined;
    return {
      request(exchange) {
        exchange.maxBody = bytes;
        checkAnnouncedSize(exchange.request, bytes);
      },
    };
  },
};
