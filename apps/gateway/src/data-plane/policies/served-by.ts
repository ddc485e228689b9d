import { z } from 'zod';
import { tenths } from '../tenths.js';
import type { Policy } from './policy.js';

const settings = z
  .strictObject({
    service: z.boolean().default(true).describe('Whether answers name the service and the version that gave them.'),
    timing: z.boolean().default(true).describe('Whether answers say how long it took, as Server-Timing.'),
  })
  .describe('What answers tell of who gave them.');

/**
 * `x-service` and `x-service-version` say who answered, `x-fallback` that the answer is not the service's own (from a backup,
 * an older one, or one that was prepared), and `Server-Timing` how long it took, in milliseconds, to the head of the answer.
 */
export const servedBy: Policy<z.output<typeof settings>> = {
  name: 'servedBy',
  settings,
  prepare(given) {
    const { service, timing } = given ?? { service: true, timing: true };
    return {
      answer(answer, { fallback, instance, upstreamMs, began }) {
        if (fallback !== undefined) answer.set('x-fallback', fallback);
        if (service && instance) {
          answer.set('x-service', instance.service);
          answer.set('x-service-version', instance.version);
        }
        if (!timing) return;
        const total = `total;dur=${tenths(performance.now() - began)}`;
        answer.add('server-timing', upstreamMs === undefined ? total : `upstream;dur=${tenths(upstreamMs)}, ${total}`);
      },
    };
  },
};
