import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryOf, inheritedEnv } from '@trellis/launch';

/** Where the registry is, and with what the benchmark's service may announce and watch. */
export interface RegistryAccess {
  readonly address: string;
  readonly credential: string;
}

/** The platform's own registry, for the one service of the benchmark. */
export class Registry {
  readonly #folder = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
  #process: ChildProcess | undefined;

  async start(): Promise<RegistryAccess> {
    const credential = randomBytes(32).toString('base64url');
    const sha256 = createHash('sha256').update(credential).digest('hex');
    const file = join(this.#folder, 'credentials.json');
    writeFileSync(file, JSON.stringify([{ service: 'echo', packages: ['bench.v1'], sha256 }]));
    this.#process = fork(entryOf('apps/registry'), {
      execArgv: ['--import', '@trellis/telemetry/register'],
      env: { ...inheritedEnv(), REGISTRY_CREDENTIALS_FILE: file, LOG_LEVEL: 'error' },
    });
    for (;;) {
      const [message] = (await once(this.#process, 'message', { signal: AbortSignal.timeout(30_000) })) as [Ready];
      if (message.type === 'ready' && message.addresses.grpc) return { address: message.addresses.grpc, credential };
    }
  }

  async end(): Promise<void> {
    if (this.#process?.connected) {
      this.#process.disconnect(); // on which it ends
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true });
  }
}

interface Ready {
  readonly type: string;
  readonly addresses: { readonly grpc?: string };
}
