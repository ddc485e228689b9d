import { type LookupFunction, isIP } from 'node:net';
import { lookup } from 'node:dns';
import { isOffLimits } from '../announce/address.js';

/** Resolves a name as Node does, but never to an address that is off limits. */
export const safeLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address, family) => {
    const found = Array.isArray(address) ? address.map((each) => each.address) : [address];
    if (!error && found.some(isOffLimits)) callback(new Error(`${hostname} is off limits`), '', 0);
    else callback(error, address, family);
  });
};

/** Sockets look up names alone. */
export const isSafeHost = (host: string): boolean => isIP(host) === 0 || !isOffLimits(host);
