import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, answered } from './canary.js';

const ANSWER_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 50;

/** What the launcher asks the admin port of an instance. */
export class AdminPort {
  constructor(private readonly address: string) {}

  /** Puts an instance that was started drained into rotation, and resolves when it says that it gets calls. */
  async undrain(withinMs: number): Promise<void> {
    await this.#ask('/undrain', 'POST');
    const end = performance.now() + withinMs;
    for (let problem = await this.problem(); problem !== undefined; problem = await this.problem()) {
      if (performance.now() > end) throw new Error(`It does not get ready: ${problem}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Why it should get no calls; undefined: it should. */
  async problem(): Promise<string | undefined> {
    try {
      const response = await this.#ask('/readyz', 'GET');
      const said = (await response.text()).trim();
      return response.ok ? undefined : said;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Nothing for one that does not say. */
  async answered(): Promise<Answered> {
    try {
      const response = await this.#ask('/metrics', 'GET');
      return answered(await response.text());
    } catch {
      return { calls: 0, faults: 0 };
    }
  }

  #ask(path: string, method: string): Promise<Response> {
    return fetch(`http://${this.address}${path}`, { method, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  }
}
