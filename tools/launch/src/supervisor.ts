import { Child, type ProcessSpec, type ReadyMessage } from './child.js';
import type { LogFile } from './log-file.js';
import { nextAttempt, restartPause } from './restart-pause.js';

export type ProcessState = 'starting' | 'ready' | 'waiting' | 'stopped';

/** One row of the platform's table. */
export interface ProcessStatus {
  readonly name: string;
  readonly service: string;
  /** Its id in the registry: the name, and a number behind it once it has been replaced. */
  readonly instance: string;
  readonly pid: number;
  readonly state: ProcessState;
  readonly addresses: Readonly<Record<string, string>>;
  readonly restarts: number;
  /** Where a stand-in keeps its data. */
  readonly dataDir?: string;
}

/** What a supervisor tells about its process. */
export interface SupervisorListener {
  /** Something happened that a person should read: a line. */
  say(line: string): void;
  /** A process was started. */
  started(pid: number, name: string): void;
}

/** What is different about a start. */
export interface FirstLife {
  /** Variables of this life alone: when it dies, it is started again without them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly readyWithinMs?: number;
}

/** Keeps one process running: starts it, starts it again when it dies, and stops it. */
export class Supervisor {
  #child: Child | undefined;
  #state: ProcessState = 'starting';
  #addresses: Readonly<Record<string, string>> = {};
  #dataDir: string | undefined;
  #restarts = 0;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly spec: ProcessSpec,
    readonly log: LogFile,
    private readonly listener: SupervisorListener,
  ) {}

  get status(): ProcessStatus {
    return {
      name: this.spec.name,
      service: this.spec.service,
      instance: this.spec.env['INSTANCE_ID'] ?? this.spec.name,
      pid: this.#child?.pid ?? 0,
      state: this.#state,
      addresses: this.#addresses,
      restarts: this.#restarts,
      ...(this.#dataDir !== undefined && { dataDir: this.#dataDir }),
    };
  }

  /** Starts it, also after `stop`. Fails when the process does not become ready; it is not tried again then. */
  async start({ env, readyWithinMs }: FirstLife = {}): Promise<ReadyMessage> {
    this.#state = 'starting';
    const child = new Child({ ...this.spec, env: { ...this.spec.env, ...env } }, this.log);
    this.#child = child;
    this.listener.started(child.pid, this.spec.name);
    const message = await child.ready(readyWithinMs);
    if (this.#state === 'starting') this.#state = 'ready';
    this.#addresses = message.addresses;
    this.#dataDir = message.dataDir;
    void child.exited.then((how) => this.#died(child, how));
    return message;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async stop(withinMs: number): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    await this.#child?.stop(withinMs);
  }

  #died(child: Child, how: string): void {
    if (this.#state === 'stopped') return;
    this.#attempt = nextAttempt(this.#attempt, Date.now() - child.startedAt);
    const pause = restartPause(this.#attempt);
    this.#state = 'waiting';
    this.listener.say(
      `${this.spec.name} ended (${how}); starting it again in ${pause / 1000} s. Its log: ${this.log.path}`,
    );
    this.#timer = setTimeout(() => void this.#restart(), pause);
  }

  async #restart(): Promise<void> {
    this.#restarts += 1;
    try {
      await this.start();
      this.listener.say(`${this.spec.name} is back (pid ${this.#child?.pid})`);
    } catch {
      const child = this.#child;
      if (!child) return;
      child.kill('SIGKILL'); // it may live and stay silent
      this.#died(child, await child.exited);
    }
  }
}
