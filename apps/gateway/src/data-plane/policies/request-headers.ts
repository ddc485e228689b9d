import { z } from 'zod';
import { headerName, headerValue } from '../../file/kinds.js';
import { staysHere } from '../forwarded-headers.js';
import type { Policy } from './policy.js';

const name = headerName.refine((given) => !staysHere(given), 'is set by the gateway itself');

const settings = z
  .strictObject({
    set: z.record(name, headerValue).default({}).describe('In the place of whatever the client has sent.'),
    remove: z.array(name).default([]).describe('Headers that the service does not see.'),
  })
  .describe('Changes the headers that a service sees which speaks HTTP.');

/** Changes the headers that a service sees which speaks HTTP. A contract's method has no headers. */
export const requestHeaders: Policy<z.output<typeof settings>> = {
  name: 'requestHeaders',
  settings,
  prepare(changes) {
    if (!changes) return undefined;
    return {
      request(exchange) {
        exchange.headerChanges = changes;
      },
    };
  },
};
