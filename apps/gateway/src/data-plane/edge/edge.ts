import type { IncomingMessage } from 'node:http';
import type { GatewayFile } from '../../file/gateway-file.js';
import { type Origin, originOf } from './origin.js';
import { TrustedNetworks } from './trusted-networks.js';

/** What the gateway believes of those in front of it, prepared from its configuration file. */
export class Edge {
  readonly #networks: TrustedNetworks;
  readonly #by: GatewayFile['forwardedBy'];
  readonly #force: GatewayFile['tracing']['force'];

  constructor({ trusted, forwardedBy, tracing }: Pick<GatewayFile, 'trusted' | 'forwardedBy' | 'tracing'>) {
    this.#networks = new TrustedNetworks(trusted);
    this.#by = forwardedBy;
    this.#force = tracing.force;
  }

  originOf({ socket, headers }: IncomingMessage): Origin {
    return originOf(socket.remoteAddress, headers, this.#networks, this.#by);
  }

  /** Whether the client holds the secret that has a trace recorded. The header is taken out: nobody else may see it. */
  takeForce({ headers }: IncomingMessage): boolean {
    if (!this.#force) return false;
    const { header, secretFile: secret } = this.#force;
    const given = headers[header];
    if (given === undefined) return false;
    delete headers[header];
    return typeof given === 'string' && secret.is(given);
  }
}
