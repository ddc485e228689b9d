import { addressKey } from './address-key.js';
import type { Policy } from './policy.js';
import { type Rate, rate, taker } from './rate-limit.js';

/** How often one address may ask, whoever it says that it is. Before anything that costs more than to count. */
export const limitPerAddress: Policy<Rate> = {
  name: 'limitPerAddress',
  settings: rate.describe(
    'How often one address may ask, an IPv6 network of 64 bits as one: { requests: 100, per: 1s }.',
  ),
  prepare(settings, route, tools, scope) {
    if (!settings) return undefined;
    const take = taker(settings, { label: 'address', route, scope }, tools);
    return { request: (exchange) => take(exchange, addressKey(exchange.clientAddress)) };
  },
};
