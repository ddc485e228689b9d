import { hash } from 'node:crypto';
import type { z } from 'zod';
import { headerName } from '../../file/kinds.js';
import type { Exchange } from '../exchange.js';
import { addressKey } from './address-key.js';
import type { Policy } from './policy.js';
import { rate, taker } from './rate-limit.js';

const settings = rate
  .extend({
    header: headerName
      .optional()
      .describe(
        'The header that tells callers apart, such as x-api-key, where services know their callers themselves. Nobody verifies it here.',
      ),
  })
  .describe('How often one caller may ask, whom the token names: { requests: 50, per: 1s }.');

/**
 * How often one caller may ask: who the token says he is, or whom a header names. Who makes up headers is held by
 * `limitPerAddress` alone. Who is neither is counted by his address.
 */
export const limitPerCaller: Policy<z.output<typeof settings>> = {
  name: 'limitPerCaller',
  settings,
  prepare(given, route, tools, scope) {
    if (!given) return undefined;
    const { header } = given;
    const known = taker(given, { label: 'caller', route, scope }, tools);
    // A count of their own: no name is ever taken for an address.
    const unknown = taker(given, { label: 'anonymous', route, scope }, tools);
    const nameOf = header === undefined ? subjectOf : (exchange: Exchange) => headerKey(exchange, header);
    return {
      request(exchange) {
        const name = nameOf(exchange);
        if (name === undefined) unknown(exchange, addressKey(exchange.clientAddress));
        else known(exchange, name);
      },
    };
  },
};

/** Subjects tell clients and people apart: an issuer gives no two of them the same (RFC 9068, section 5). */
const subjectOf = ({ caller }: Exchange): string | undefined => caller?.subject;

/** The key itself is a secret: it is not kept. */
function headerKey({ request }: Exchange, header: string): string | undefined {
  const value = request.headers[header];
  return typeof value === 'string' && value !== '' ? hash('sha256', value, 'base64url') : undefined;
}
