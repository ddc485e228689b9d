import { permissionDenied } from '@trellis/errors';
import { z } from 'zod';
import { network } from '../../file/kinds.js';
import { TrustedNetworks } from '../edge/trusted-networks.js';
import type { Policy } from './policy.js';

const networks = z.array(network).min(1);

const settings = z
  .strictObject({
    allow: networks.optional().describe('Networks that may come in: 10.0.0.0/8, 2001:db8::/32. Nobody else may.'),
    deny: networks.optional().describe('Networks that may not, even if they are allowed.'),
  })
  .refine(({ allow, deny }) => allow !== undefined || deny !== undefined, 'name allow, deny or both')
  .describe('Which addresses may come in.');

/** Lets clients in by their address, which is that of the nearest one that is no trusted proxy. */
export const ipList: Policy<z.output<typeof settings>> = {
  name: 'ipList',
  settings,
  prepare(given) {
    if (!given) return undefined;
    const allowed = given.allow && new TrustedNetworks(given.allow);
    const denied = new TrustedNetworks(given.deny ?? []);
    return {
      request({ clientAddress }) {
        if ((allowed && !allowed.has(clientAddress)) || denied.has(clientAddress)) throw refused();
      },
    };
  },
};

const refused = () => permissionDenied('This address may not come in', { reason: 'ADDRESS_REFUSED' });
