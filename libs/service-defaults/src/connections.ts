import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Announcement, type Directory, type OwnState, announce, watchRegistry } from '@trellis/discovery';
import { type Rpc, createRpc } from '@trellis/rpc';
import { type TokenVerifier, createTokenVerifier } from '@trellis/security';
import type { Addresses, ServiceIdentity } from './service-identity.js';
import type { MemberOptions } from './service-options.js';

/** What ties a service to its platform. */
export interface Connections {
  readonly directory: Directory;
  readonly rpc: Rpc;
  readonly verifier: TokenVerifier;
  /** Undefined when there is no address to announce. `state`: what it says of itself at first. */
  announce(addresses: Addresses, state: OwnState): Announcement | undefined;
  close(): void;
}

/** Connects in the background: nothing here waits for the registry or for auth. */
export function connect(options: MemberOptions, identity: ServiceIdentity): Connections {
  const { config, logger, services = [], directory: made = (registered) => registered } = options;
  const credential = readFileSync(config.REGISTRY_CREDENTIAL_FILE, 'utf8').trim();
  const registry = { address: config.REGISTRY_ADDRESS, credential, logger };
  const { DISCOVERY_CACHE_DIR: folder, INSTANCE_TAGS: tags, INSTANCE_WEIGHT: weight } = config;
  const cacheFile = folder === undefined ? {} : { cacheFile: join(folder, `${identity.service}.json`) };
  const directory = made(watchRegistry({ ...registry, ...cacheFile }));
  const rpc = createRpc({
    directory,
    logger,
    zone: identity.zone,
    client: identity.instanceId,
    ...(config.CALL_POLICIES_FILE && { policies: config.CALL_POLICIES_FILE }),
  });
  return {
    directory,
    rpc,
    verifier: createTokenVerifier({
      issuer: config.ISSUER_URL,
      audience: config.TOKEN_AUDIENCE,
      jwksUrl: config.JWKS_URL,
    }),
    announce: ({ grpc, http, admin }, state) => {
      const address = grpc ?? http;
      if (address === undefined) return undefined;
      const { instanceId, service, version, zone } = identity;
      const protocol = grpc === undefined ? ('http' as const) : ('grpc' as const);
      const metadata: Record<string, string> = admin === undefined ? {} : { admin };
      const own = {
        id: instanceId,
        service,
        version,
        address,
        protocol,
        zone,
        weight,
        tags,
        metadata,
      };
      return announce({ ...registry, instance: own, services, state });
    },
    close: () => {
      rpc.close();
      directory.close();
    },
  };
}
