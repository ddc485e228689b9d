import { EventEmitter } from 'node:events';
import type { Host } from './start-service.js';

/** A `process` that a test ends as it likes. */
export class FakeHost extends EventEmitter {
  readonly messages: unknown[] = [];
  readonly said: string[] = [];
  readonly exitCode: Promise<number>;
  readonly stderr = { write: (text: string) => this.said.push(text) };
  #exited: (code: number) => void = () => undefined;

  constructor() {
    super();
    this.exitCode = new Promise((resolve) => (this.#exited = resolve));
  }

  send(message: unknown): boolean {
    this.messages.push(message);
    return true;
  }

  exit(code: number): void {
    this.#exited(code);
  }

  /** As `startService` sees it. */
  get host(): Host {
    return this as unknown as Host;
  }
}
