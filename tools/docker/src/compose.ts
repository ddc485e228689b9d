import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@trellis/launch';

const folder = join(root, 'docker');

/** Runs a program in docker/, where .env is. Shows what it says, or returns what it wrote; rejects when it fails. */
export type Run = (command: readonly string[], show?: boolean) => Promise<string>;

export const run: Run = (command, show = false) =>
  new Promise((resolve, reject) => {
    const [program = '', ...args] = command;
    const output = show ? 'inherit' : 'pipe';
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', output, output] });
    const said = { out: '', err: '' };
    child.stdout?.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
    child.on('error', (error) => reject(new Error(`${program} does not run: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve(said.out);
      else reject(new Error(`${command.join(' ')} ended with code ${code}\n${said.err}`.trim()));
    });
  });

/** `docker compose …` on docker/compose.yaml. COMPOSE_PROJECT_NAME and the variables of docker/.env have their usual meaning. */
export class Compose {
  readonly #command: readonly string[];

  /** `overrides`: more compose files, laid over the first. */
  constructor(
    readonly run: Run,
    ...overrides: readonly string[]
  ) {
    const files = [join(folder, 'compose.yaml'), ...overrides];
    this.#command = ['docker', 'compose', ...files.flatMap((file) => ['-f', file])];
  }

  /** Returns what it wrote. */
  ask(...args: readonly string[]): Promise<string> {
    return this.run([...this.#command, ...args]);
  }

  /** Builds our images, all at once: what they have in common is built once. */
  async build(show = false): Promise<void> {
    await this.run(['docker', 'buildx', 'bake', '-f', 'compose.yaml'], show);
  }

  /** Shows what it says. */
  async show(...args: readonly string[]): Promise<void> {
    await this.run([...this.#command, ...args], true);
  }

  /** Ids of the service's running containers, the oldest first. */
  async containers(service: string): Promise<readonly string[]> {
    const ids = lines(await this.ask('ps', '--quiet', '--status', 'running', service));
    if (ids.length < 2) return ids;
    const born = await this.run(['docker', 'inspect', '--format', '{{.Created}} {{.Id}}', ...ids]);
    return lines(born)
      .toSorted()
      .map((line) => line.split(' ')[1] ?? '');
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
