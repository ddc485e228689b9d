import { addCredential } from '@trellis/launch';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platform } from './platform.js';
import { SimInstance, type SimOptions, type Surroundings } from './sim-instance.js';

/** The shared platform as a place to start instances of the simulated service, which it knows nothing of. */
class SharedPlatform implements Surroundings {
  get folder(): string {
    return join(platform.folder, 'sims');
  }

  get env(): Readonly<Record<string, string>> {
    const auth = platform.status().find(({ name }) => name === 'auth');
    return {
      REGISTRY_ADDRESS: platform.registryGrpc,
      ISSUER_URL: platform.gatewayUrl,
      JWKS_URL: `http://${auth?.addresses['http']}/oauth2/jwks`,
    };
  }

  /** Made when it is first asked for, as `npm run trellis -- credential` makes one; the registry sees it a second later. */
  credentialFile(service: string): string {
    const file = join(this.folder, `${service}.credential`);
    if (existsSync(file)) return file;
    mkdirSync(this.folder, { recursive: true });
    const packages = service.startsWith('sim') ? ['trellis.sim'] : [];
    writeFileSync(file, addCredential(platform.credentialsFile, { service, packages }), { mode: 0o600 });
    return file;
  }
}

export const surroundings = new SharedPlatform();

/** Starts one in the shared platform. Whoever starts it stops it. */
export const platformSim = (options: SimOptions): Promise<SimInstance> => SimInstance.start(surroundings, options);
