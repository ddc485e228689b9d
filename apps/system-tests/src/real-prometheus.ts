import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { freePort } from '@trellis/launch';
import { eventually } from '@trellis/testing';

const DOCKER = join(import.meta.dirname, '../../../docker');

/** Files of the deployment, as they are. */
export const deploymentFile = (name: string): string => readFileSync(join(DOCKER, name), 'utf8');

const found = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** The command of Prometheus or its tool: from PATH, else from compose's image. `folder` is where its files are. */
export function prometheusCommand(tool: 'prometheus' | 'promtool', folder: string, args: readonly string[]): string[] {
  if (found(tool)) return [tool, ...args];
  const image = parseEnv(deploymentFile('.env'))['PROMETHEUS_IMAGE'] ?? '';
  const own = [
    '--user',
    `${process.getuid?.() ?? 0}`,
    '--network',
    'host',
    '--workdir',
    folder,
    '--volume',
    `${folder}:${folder}`,
  ];
  return ['docker', 'run', '--rm', '--init', ...own, '--entrypoint', tool, image, ...args];
}

/** Runs promtool over files of the deployment. Returns its status and what it said. */
export function promtool(...args: readonly string[]): { status: number | null; said: string } {
  const [command = '', ...rest] = prometheusCommand('promtool', DOCKER, args);
  const { status, stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8', cwd: DOCKER });
  return { status, said: stdout + stderr };
}

/** A Prometheus of its own, with its configuration and data in `folder`. */
export class RealPrometheus {
  readonly #url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.#url = url;
    this.#process = process;
  }

  static async start(folder: string): Promise<RealPrometheus> {
    const listen = `127.0.0.1:${await freePort()}`;
    const [command = '', ...args] = prometheusCommand('prometheus', folder, [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${listen}`,
      '--enable-feature=exemplar-storage',
    ]);
    const started = new RealPrometheus(`http://${listen}`, spawn(command, args, { stdio: 'ignore' }));
    await eventually(async () => {
      if (!(await fetch(`http://${listen}/-/ready`)).ok) throw new Error('not ready');
    }, 30_000);
    return started;
  }

  /** `data` of an answer of its API: https://prometheus.io/docs/prometheus/latest/querying/api/ */
  async ask(path: string): Promise<unknown> {
    const response = await fetch(this.#url + path);
    const answer = (await response.json()) as { data: unknown };
    if (!response.ok) throw new Error(`${path} answers ${response.status} ${JSON.stringify(answer)}`);
    return answer.data;
  }

  /** Names of the alerts that fire now. */
  async firing(): Promise<string[]> {
    const { alerts } = (await this.ask('/api/v1/alerts')) as {
      alerts: { state: string; labels: { alertname: string } }[];
    };
    return [...new Set(alerts.flatMap(({ state, labels }) => (state === 'firing' ? [labels.alertname] : [])))].sort();
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
