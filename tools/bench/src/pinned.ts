import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';

/** The core that the measured process has for itself, and those that the load runs on. */
const CORES = { measured: '0', load: `1-${availableParallelism() - 1}` } as const;

export const canPin = availableParallelism() > 1 && hasTaskset();

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not Linux, or without util-linux
  }
}

/** Whatever ends this process ends what it started: an error, Ctrl-C (main.ts) or its own end. */
const alive = new Set<ChildProcess>();
process.on('exit', () => alive.forEach((child) => child.kill('SIGKILL')));

/** A process on the core for what is measured, or on the others. A Node process can be talked to over IPC. */
export class Pinned {
  readonly #process: ChildProcess;

  /** Node with these arguments, unless another `program` is named, with which there is no IPC. */
  constructor(
    where: keyof typeof CORES,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    program?: string,
  ) {
    const pin = canPin ? ['taskset', '-c', CORES[where]] : [];
    const [command = '', ...rest] = [...pin, program ?? process.execPath, ...args];
    this.#process = spawn(command, rest, {
      env: { ...env },
      stdio: ['ignore', 'ignore', 'inherit', ...(program === undefined ? (['ipc'] as const) : [])],
    });
    alive.add(this.#process);
    this.#process.once('exit', () => alive.delete(this.#process));
  }

  /** taskset becomes the process that it starts. */
  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  send(message: object): void {
    this.#process.send(message);
  }

  /** The next message of this kind. Fails when the process ends or `withinMs` pass. */
  hear<Message extends { readonly kind: string }, Kind extends Message['kind']>(
    kind: Kind,
    withinMs: number,
  ): Promise<Extract<Message, { readonly kind: Kind }>> {
    return this.next((message) => (message as Message).kind === kind, withinMs, kind) as Promise<
      Extract<Message, { readonly kind: Kind }>
    >;
  }

  next(wanted: (message: object) => boolean, withinMs: number, what: string): Promise<object> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#process.off('message', listen);
        this.#process.off('exit', ended);
      };
      const listen = (message: object): void => {
        if (!wanted(message)) return;
        done();
        resolve(message);
      };
      const ended = (): void => {
        done();
        reject(new Error(`A process of the benchmark ended while "${what}" was awaited`));
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`"${what}" did not come within ${withinMs / 1000} s`));
      }, withinMs);
      this.#process.on('message', listen);
      this.#process.once('exit', ended);
    });
  }

  async kill(): Promise<void> {
    if (this.ended) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }
}
