import type { Run } from './compose.js';

interface Container {
  readonly id: string;
  readonly born: number;
  healthy: boolean;
  drained: boolean;
}

/** A Docker engine that knows one service and what `docker:rollout` asks. Notes after each change how many take calls. */
export class FakeEngine {
  readonly taking: number[] = [];
  readonly commands: string[] = [];
  #containers: Container[] = [];
  #born = 0;

  constructor(
    instances: number,
    /** Whether what starts from now on becomes healthy. */
    private readonly good = true,
  ) {
    while (this.#containers.length < instances) this.#start(true);
  }

  get ids(): readonly string[] {
    return this.#containers.map(({ id }) => id);
  }

  readonly run: Run = (command) => {
    const line = command.join(' ').replace(/-f \S*compose\.yaml /, '');
    this.commands.push(line);
    return Promise.resolve(this.#answer(line, command.at(-1) ?? ''));
  };

  #start(healthy: boolean): void {
    this.#born += 1;
    this.#containers.unshift({ id: `c${this.#born}`, born: this.#born, healthy, drained: false });
  }

  #answer(line: string, last: string): string {
    const scale = Number(/--scale \w+=(\d+)/.exec(line)?.[1]);
    if (line.startsWith('docker compose ps')) return this.ids.join('\n');
    if (line.startsWith('docker compose up')) while (this.#containers.length < scale) this.#start(this.good);
    else if (line.includes('.Created')) return this.#containers.map(({ id, born }) => `${born} ${id}`).join('\n');
    else if (line.includes('.Health')) return this.#find(last).healthy ? 'true healthy' : 'true starting';
    else if (line.endsWith('admin.mjs POST /drain')) this.#find(line.split(' ')[2]).drained = true;
    else if (line.startsWith('docker rm')) this.#containers = this.#containers.filter(({ id }) => id !== last);
    this.taking.push(this.#containers.filter(({ healthy, drained }) => healthy && !drained).length);
    return '';
  }

  #find(id: string | undefined): Container {
    const found = this.#containers.find((one) => one.id === id);
    if (!found) throw new Error(`no container ${id}`);
    return found;
  }
}
