import { type LookupFunction, isIP } from 'node:net';
import { lookup } from 'node:dns';
import { isLinkLocal } from './address.js';

/** Resolves a name as Node does, but never to a link-local address. */
export const safeLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address, family) => {
    const found = Array.isArray(address) ? address.map((each) => each.address) : [address];
    if (!error && found.some(isLinkLocal)) callback(new Error(`${hostname} is link-local`), '', 0);
    else callback(error, address, family);
  });
};

/** Sockets look up names alone. */
export const isSafeHost = (host: string): boolean => isIP(host) === 0 || !isLinkLocal(host);
