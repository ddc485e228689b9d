import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

interface Ready {
  readonly type: 'ready';
  readonly addresses: { readonly kafka: string };
}

/** `main.ts` as a process of its own, from the sources, so that it can be killed. */
export class ChildBroker {
  stdout = '';
  stderr = '';
  readonly #process: ChildProcess;
  readonly exited: Promise<number | string>;

  constructor(env: Readonly<Record<string, string>>) {
    const entry = ['--import', '@swc-node/register/esm-register', 'src/main.ts'];
    this.#process = spawn(process.execPath, entry, {
      cwd: `${import.meta.dirname}/..`,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exited = once(this.#process, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  }

  /** Its address, when it takes connections. */
  async ready(): Promise<string> {
    const ended = this.exited.then((how) => Promise.reject(new Error(`It ended (${how}): ${this.stderr}`)));
    const [message] = (await Promise.race([once(this.#process, 'message'), ended])) as [Ready];
    return message.addresses.kafka;
  }

  async end(how: 'SIGKILL' | 'SIGTERM' | 'disconnect'): Promise<number | string> {
    if (how === 'disconnect') this.#process.disconnect();
    else this.#process.kill(how);
    return this.exited;
  }
}
