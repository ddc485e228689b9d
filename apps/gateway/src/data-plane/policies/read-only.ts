import { z } from 'zod';
import { methodNotAllowed } from '../http-refusal.js';
import type { Policy } from './policy.js';

/** Methods that only look (RFC 9110, section 9.2.1), but TRACE, which nobody gets through here. */
const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Lets nothing through that is meant to change something: 405. */
export const readOnly: Policy<true> = {
  name: 'readOnly',
  settings: z.literal(true).describe('Takes GET, HEAD and OPTIONS alone.'),
  prepare(on, { httpMethod }) {
    if (!on || SAFE.includes(httpMethod)) return undefined;
    return {
      request(exchange) {
        if (!SAFE.includes(exchange.httpMethod)) throw methodNotAllowed(SAFE);
      },
    };
  },
};
