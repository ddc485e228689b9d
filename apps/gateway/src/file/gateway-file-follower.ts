import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { FileProblem } from '@trellis/config-file';
import type { Logger } from '@trellis/telemetry';
import type { GatewayFile } from './gateway-file.js';
import { type ReadGatewayFile, hashOf, parseGatewayFile, textOf } from './read-gateway-file.js';

/** A change is looked at when nothing more has happened to the file for so long: editors write in several steps. */
const QUIET_MS = 100;
/** …and after so long at the latest, for a file that is written without end. */
const MOST_MS = 1_000;
/** How often the file is looked at when nobody tells of changes: network drives do not, nor do links to elsewhere. */
const POLL_MS = 5_000;
/** What Kubernetes turns when a mounted ConfigMap changes: the file itself is a link through it. */
const CONFIG_MAP_LINK = '..data';

/** What is known of the file, for operators. */
export interface FileState {
  readonly path: string;
  /** SHA-256 in hex of what is in force, with the files that it names. */
  readonly hash: string;
  /** Since when, in epoch milliseconds. */
  readonly loadedAt: number;
  /** Why the file as it is now is not in force; absent when it is. */
  readonly problem?: { readonly since: number; readonly faults: readonly string[] };
}

export interface FollowerOptions {
  /** What is in force at the start. */
  readonly read: ReadGatewayFile;
  /** Puts another file in force. What it throws is a problem of the file, and then the old one is in force still. */
  readonly use: (file: GatewayFile) => void;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds between two looks at a file that nobody tells of. */
  readonly pollMs?: number;
}

/**
 * Keeps a gateway in step with its file, and with the certificates and secrets that it names: these are seen when they are
 * polled for. A bad file changes nothing: it is logged once, with every fault.
 */
export class GatewayFileFollower {
  readonly #options: FollowerOptions;
  #state: FileState;
  /** What was looked at last, good or bad; undefined when it could not be read. */
  #seen: string | undefined;
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;
  /** When the changes began that are not looked at yet, on a clock that nobody sets. */
  #changedAt: number | undefined;

  constructor(options: FollowerOptions) {
    const { path, hash } = options.read;
    this.#options = options;
    this.#state = { path, hash, loadedAt: options.now() };
    this.#seen = hash;
  }

  get state(): FileState {
    return this.#state;
  }

  start(): void {
    this.#watch();
    const look = (): void => {
      this.#watch();
      if (this.#hashNow() !== this.#seen) this.#changed();
    };
    this.#poll = setInterval(look, this.#options.pollMs ?? POLL_MS).unref();
  }

  stop(): void {
    this.#watcher?.close();
    clearInterval(this.#poll);
    clearTimeout(this.#quiet);
  }

  /** Looks at the file now, and puts it in force when it is another one and good. */
  look(): void {
    clearTimeout(this.#quiet);
    this.#changedAt = undefined;
    try {
      this.#take();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #take(): void {
    const { logger, now, use } = this.#options;
    const { path, hash: inForce, problem } = this.#state;
    const before = this.#seen;
    this.#seen = undefined;
    const text = textOf(path);
    const hash = hashOf(text);
    this.#seen = hash;
    if (hash === inForce) {
      if (!problem) return;
      this.#state = { path, hash, loadedAt: this.#state.loadedAt };
      logger.info({ file: path }, 'the gateway file is as it was');
    } else if (hash !== before) {
      use(parseGatewayFile(text, path).file);
      this.#state = { path, hash, loadedAt: now() };
      logger.info({ file: path, hash }, 'the gateway file is in force');
    }
  }

  #refuse(error: unknown): void {
    const { logger, now } = this.#options;
    const message = error instanceof Error ? error.message : String(error);
    const faults = message.split('\n');
    const { problem, path } = this.#state;
    if (problem?.faults.join('\n') === message) return;
    this.#state = { ...this.#state, problem: { since: problem?.since ?? now(), faults } };
    const unexpected = error instanceof FileProblem ? {} : { err: error };
    logger.error({ file: path, faults, ...unexpected }, 'the gateway file is refused, the one before stays in force');
  }

  /** What is there now; undefined when it cannot be read. */
  #hashNow(): string | undefined {
    try {
      return hashOf(textOf(this.#state.path));
    } catch {
      return undefined; // looked at in earnest when it changes
    }
  }

  #changed(): void {
    const now = performance.now();
    this.#changedAt ??= now;
    clearTimeout(this.#quiet);
    const wait = Math.max(0, Math.min(QUIET_MS, this.#changedAt + MOST_MS - now));
    this.#quiet = setTimeout(() => this.look(), wait).unref();
  }

  /** The folder and not the file: what replaces a file by renaming another one leaves a watch on the old one behind. */
  #watch(): void {
    if (this.#watcher) return;
    const { path } = this.#state;
    const names: ReadonlySet<string | null> = new Set([basename(path), CONFIG_MAP_LINK, null]);
    try {
      const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
        if (names.has(name)) this.#changed();
      });
      const close = (): void => {
        watcher.close();
        this.#watcher = undefined;
      };
      watcher.on('error', close);
      this.#watcher = watcher;
    } catch (error) {
      this.#options.logger.warn({ err: error, file: path }, 'no watch on the folder: the file is looked at every 5 s');
    }
  }
}
