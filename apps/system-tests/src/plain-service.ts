import { inheritedEnv, root } from '@trellis/launch';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Caller } from './caller.js';
import type { World } from './world.js';

/** A service in another language, or in none of our libraries: it knows HTTP and the registry's address. */
export class PlainService {
  readonly #process: ChildProcess;
  #complaints = '';

  constructor(command: string, file: string, world: World, instanceId: string) {
    this.#process = spawn(command, [join(root, 'apps/system-tests/plain', file)], {
      env: {
        ...inheritedEnv(),
        REGISTRY_URL: world.registryUrl,
        REGISTRY_CREDENTIAL_FILE: world.credentialFile('plain'),
        INSTANCE_ID: instanceId,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#complaints ||= chunk.toString();
    });
  }

  /** What it has said first of what went wrong. */
  get complaints(): string {
    return this.#complaints;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill(signal);
    await once(this.#process, 'exit');
  }
}

/** Asks `plain` through libs/rpc. Returns the status and the body. */
export async function greet(caller: Caller, name: string): Promise<{ status: number; body: unknown }> {
  const path = `/greeting?name=${encodeURIComponent(name)}`;
  const { status, body } = await caller.rpc.http({ service: 'plain', method: 'GET', path });
  return { status, body: JSON.parse(Buffer.from(await body.bytes(1_000)).toString()) };
}
