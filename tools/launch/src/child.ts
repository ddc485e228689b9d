import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LogFile } from './log-file.js';
import type { SharedSocket } from './shared-socket.js';

/** How a process is started. */
export interface ProcessSpec {
  /** Unique, such as "blog-1". Names the log file and the instance in the registry. */
  readonly name: string;
  readonly service: string;
  /** Compiled entry. */
  readonly entry: string;
  /** Of Node, before the entry: V8 takes some of its options in NODE_OPTIONS and others here alone. */
  readonly nodeOptions?: readonly string[];
  /** Modules to load before it. */
  readonly preload?: readonly string[];
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>;
  /** Sockets that it listens on instead of ports of its own, by name: systemd's LISTEN_FDS. */
  readonly sockets?: Readonly<Record<string, SharedSocket>>;
}

/** What a process says over IPC when it takes work. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly addresses: Readonly<Record<string, string>>;
  /** Where a stand-in keeps its data. */
  readonly dataDir?: string;
  /** PostgreSQL's alone: a connection string with the superuser's password. */
  readonly url?: string;
}

/** A start that takes longer has failed. The whole platform takes 3 to 17 s on two cores, by how busy they are. */
const READY_WITHIN_MS = 60_000;

/** kafkajs sets a timer in the past whenever its queue is idle; it does no harm, and Node says so in each log. */
const NODE_OPTIONS = ['--disable-warning=TimeoutNegativeWarning'];

/** One life of a process. */
export class Child {
  readonly #process: ChildProcess;
  readonly exited: Promise<string>;
  readonly startedAt = Date.now();
  #lastWords = '';

  constructor(
    readonly spec: ProcessSpec,
    log: LogFile,
  ) {
    const preload = (spec.preload ?? []).flatMap((module) => ['--import', module]);
    const options = [...NODE_OPTIONS, ...(spec.nodeOptions ?? []), ...preload];
    const sockets = Object.entries(spec.sockets ?? {});
    const handedOver = sockets.length > 0 && {
      LISTEN_FDS: `${sockets.length}`,
      LISTEN_FDNAMES: sockets.map(([name]) => name).join(':'),
    };
    // A group of its own: Ctrl-C reaches the launcher alone, which then ends everything in order.
    this.#process = spawn(process.execPath, [...options, spec.entry], {
      env: { ...spec.env, ...handedOver },
      stdio: ['ignore', 'pipe', 'pipe', ...sockets.map(([, { descriptor }]) => descriptor), 'ipc'],
      detached: true,
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#lastWords = (this.#lastWords + chunk.toString()).slice(-4000);
        log.write(chunk);
      });
    }
    this.exited = once(this.#process, 'exit').then(
      ([code, signal]) => String(signal ?? `exit code ${code}`),
      (error: Error) => error.message,
    );
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Resolves with what the process announced. Fails with its last words when it ends or stays silent instead. */
  ready(withinMs = READY_WITHIN_MS): Promise<ReadyMessage> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${this.spec.name} ${why}\n${indent(this.#lastWords)}`));
      const timer = setTimeout(() => {
        fail(`was not ready within ${withinMs / 1000} s`);
      }, withinMs);
      this.#process.on('message', (message: ReadyMessage) => {
        if (message.type !== 'ready') return;
        clearTimeout(timer);
        resolve(message);
      });
      void this.exited.then((how) => {
        clearTimeout(timer);
        fail(`ended before it was ready (${how})`);
      });
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Asks it to end, and makes it after `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    if (!this.alive) return;
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), withinMs);
    await this.exited;
    clearTimeout(timer);
  }
}

const indent = (text: string): string =>
  text
    .trim()
    .split('\n')
    .slice(-8)
    .map((line) => `    ${line}`)
    .join('\n');
