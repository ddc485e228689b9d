import { Child, LogFile, type ReadyMessage, inheritedEnv, root } from '@trellis/launch';
import { join } from 'node:path';

/** Compiled, as everything that a story starts; a resolved import would name the source here. */
const TELEMETRY = join(root, 'libs/telemetry/dist/register.js');

export interface ProcessOptions {
  readonly name: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** For its log. */
  readonly folder: string;
}

export interface StartedProcess {
  readonly child: Child;
  readonly addresses: ReadyMessage['addresses'];
}

/** Starts one process as the launcher does, but leaves it alone when it dies. Rejects with its last words. */
export async function startProcess({ name, entry, env, folder }: ProcessOptions): Promise<StartedProcess> {
  const spec = { name, service: name, entry, preload: [TELEMETRY], env: { ...inheritedEnv(), ...env } };
  const child = new Child(spec, new LogFile(join(folder, `${name}.log`)));
  const { addresses } = await child.ready();
  return { child, addresses };
}
