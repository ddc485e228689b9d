import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Policy } from './policy.js';

/** What may stand in a log line and a header without doing anything there. */
const ID = /^[\w.:+/=-]{1,128}$/;

const settings = z.strictObject({}).describe('x-request-id, x-correlation-id and x-trace-id of requests and answers.');

/**
 * `x-request-id` names one request and `x-correlation-id` the business that it is part of: both are kept when a trusted
 * client sends them, handed on to services and said in every answer.
 */
export const requestId: Policy<z.output<typeof settings>> = {
  name: 'requestId',
  settings,
  prepare: () => ({
    request(exchange) {
      const { headers } = exchange.request;
      const given = exchange.trusted ? headers['x-request-id'] : undefined;
      exchange.requestId = typeof given === 'string' && ID.test(given) ? given : randomUUID();
      const correlation = headers['x-correlation-id'];
      if (exchange.trusted && typeof correlation === 'string' && ID.test(correlation)) {
        exchange.correlationId = correlation;
      }
    },
    answer(answer, exchange) {
      answer.set('x-request-id', exchange.requestId);
      answer.set('x-trace-id', exchange.traceId);
      if (exchange.correlationId !== undefined) answer.set('x-correlation-id', exchange.correlationId);
    },
  }),
};
