import { z } from 'zod';
import { headerName, headerValue } from '../../file/kinds.js';
import { HOP_BY_HOP } from '../forwarded-headers.js';
import type { Policy } from './policy.js';

/** What frames the body or says how it is written, and what tells of the request. */
const OURS = /^(?:content-length|content-encoding|content-range|date|x-request-id|x-correlation-id|x-trace-id)$/;

const name = headerName.refine((given) => !HOP_BY_HOP.includes(given) && !OURS.test(given), {
  message: 'is set by the gateway itself',
});

const settings = z
  .strictObject({
    set: z.record(name, headerValue).default({}).describe('In the place of whatever the service has said.'),
    add: z
      .record(name, z.union([headerValue, z.array(headerValue)]))
      .default({})
      .describe('Beside it.'),
    remove: z.array(name).default([]).describe('Headers that the client does not see.'),
  })
  .describe("Changes the headers of every answer, a refusal's too.");

/** Changes the headers of every answer, a refusal's too. */
export const responseHeaders: Policy<z.output<typeof settings>> = {
  name: 'responseHeaders',
  settings,
  prepare(changes) {
    if (!changes) return undefined;
    const { remove } = changes;
    const set = Object.entries(changes.set);
    const add = Object.entries(changes.add).flatMap(([key, values]) => [values].flat().map((value) => [key, value]));
    return {
      answer(answer) {
        for (const each of remove) answer.remove(each);
        for (const [key, value] of set) answer.set(key, value);
        for (const [key = '', value = ''] of add) answer.add(key, value);
      },
    };
  },
};
