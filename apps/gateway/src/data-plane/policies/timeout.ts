import { duration } from '@trellis/config-file';
import type { z } from 'zod';
import type { Policy } from './policy.js';

/** How long a request may take, from the last byte of its headers to the head of its answer. */
export const timeout: Policy<z.output<typeof duration>> = {
  name: 'timeout',
  settings: duration.describe('From the last byte of the headers to the head of the answer: 5s.'),
  prepare(ms, _route, { now }) {
    if (ms === undefined) return undefined;
    return {
      request(exchange) {
        exchange.deadline = now() + ms;
      },
    };
  },
};
