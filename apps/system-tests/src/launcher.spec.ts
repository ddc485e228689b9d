import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, inheritedEnv, root } from '@trellis/launch';
import { eventually } from '@trellis/testing';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One `npm start`, without its build. */
class Launcher {
  readonly process: ChildProcess;
  output = '';

  constructor(folder: string, variables: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.process = spawn(process.execPath, [join(root, 'tools/launch/dist/start.js'), ...args], {
      env: { ...inheritedEnv(), TRELLIS_DATA_DIR: folder, PORT: '0', JAEGER_PORT: '0', NO_COLOR: '1', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
  }

  async ready(): Promise<string> {
    const url = await eventually(() => {
      const [, seconds, found] = /Trellis is ready in ([\d.]+) s: (\S+)/.exec(this.output) ?? [];
      if (!found && this.process.exitCode === null) throw new Error(`not ready:\n${this.output}`);
      if (found) console.log(`ready in ${seconds} s`);
      return found;
    }, 120_000);
    if (url === undefined) throw new Error(this.output);
    return url;
  }

  async ended(): Promise<number | string> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, 'exit');
    return this.process.exitCode ?? this.process.signalCode ?? '';
  }
}

describe('npm start', () => {
  let folder: string;
  const launchers: Launcher[] = [];
  const launch = (variables: Readonly<Record<string, string>> = {}, args: readonly string[] = []) => {
    const launcher = new Launcher(folder, variables, args);
    launchers.push(launcher);
    return launcher;
  };
  const end = async (launcher: Launcher) => {
    launcher.process.kill('SIGINT');
    return await launcher.ended();
  };
  /** Pids of the processes that the folder's platform has started. */
  const pids = () =>
    readFileSync(join(folder, 'processes.txt'), 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' || line.includes(' launcher ') ? [] : [Number(line.split(' ')[0])]));
  const alive = (pid: number) =>
    existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-launcher-'));
  });
  afterEach(async () => {
    for (const launcher of launchers.splice(0)) await end(launcher);
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows what runs, is one per folder, and ends everything on Ctrl-C', async () => {
    const launcher = launch({}, ['--replicas', 'blog=1', '--replicas', 'user=1']);
    const url = await launcher.ready();
    for (const service of ['registry', 'auth', 'user', 'blog', 'gateway', 'postgres', 'dev-kafka', 'dev-jaeger']) {
      expect(launcher.output).toContain(service);
    }
    expect((await fetch(`${url}/v1/posts`)).status).toBe(401);

    const second = launch();
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain('Trellis runs already');

    const started = pids();
    expect(started.length).toBe(8);
    expect(await end(launcher)).toBe(0);
    expect(started.filter(alive)).toEqual([]);
  });

  it('after kill -9 of the launcher its processes end, and the next start recovers with the data', async () => {
    const first = launch();
    const user = { username: 'survivor', password: 'long enough' };
    const register = (url: string) =>
      fetch(`${url}/v1/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(user),
      });
    expect((await register(await first.ready())).status).toBe(200);
    first.process.kill('SIGKILL');
    await first.ended();

    const second = launch();
    const answer = await register(await second.ready());
    expect([answer.status, ((await answer.json()) as { title: string }).title]).toEqual([409, expect.any(String)]);
  });

  it('Ctrl-C during the start ends what runs by then, and leaves the folder to the next one', async () => {
    const launcher = launch();
    await eventually(() => expect(launcher.output).toContain('registry is ready'), 30_000);
    const started = pids();
    expect(started.length).toBeGreaterThan(3);
    expect(await end(launcher)).toBe(130);
    expect(started.filter(alive)).toEqual([]);
    expect(existsSync(join(folder, 'processes.txt'))).toBe(false);
    expect(launcher.output).not.toContain('ended before it was ready');
  });

  it('ends in order also when its terminal is closed', async () => {
    const launcher = launch({}, ['--replicas', 'blog=1', '--replicas', 'user=1']);
    await launcher.ready();
    const started = pids();
    for (const stream of [launcher.process.stdout, launcher.process.stderr]) stream?.destroy();
    launcher.process.kill('SIGHUP');
    expect(await launcher.ended()).toBe(0);
    expect(started.filter(alive)).toEqual([]);
  });

  it('a port in use is one line with the port and the variable', async () => {
    const server = createServer().listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as { port: number }).port);
    try {
      const launcher = launch({ PORT: port });
      expect(await launcher.ended()).toBe(1);
      expect(launcher.output.trim().split('\n')).toEqual([expect.stringMatching(`Port ${port} .*PORT`)]);
    } finally {
      server.close();
    }
  });

  it('bad variables are all named at once, before anything starts', async () => {
    const launcher = launch({ PORT: 'eighty', LOG_LEVEL: 'loud' });
    expect(await launcher.ended()).toBe(1);
    expect(launcher.output).toContain('PORT');
    expect(launcher.output).toContain('LOG_LEVEL');
    expect(existsSync(join(folder, 'processes.txt'))).toBe(false);
  });

  it('bad arguments are named', async () => {
    const launcher = launch({}, ['--replicas', 'gateway=2']);
    expect(await launcher.ended()).toBe(1);
    expect(launcher.output).toContain('SERVICE=COUNT');
  });
});

describe('a service', () => {
  it.each(['registry', 'auth', 'user', 'blog', 'gateway'])(
    '%s with missing and bad variables lists all of them and ends with 1',
    async (name) => {
      const child = spawn(process.execPath, [join(root, `apps/${name}/dist/main.js`)], {
        env: { LOG_LEVEL: 'loud', ADMIN_PORT: '-1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (output += String(chunk)));
      await once(child, 'close');
      expect(child.exitCode).toBe(1);
      const needed =
        name === 'registry' ? ['REGISTRY_CREDENTIALS_FILE'] : ['REGISTRY_ADDRESS', 'ISSUER_URL', 'JWKS_URL'];
      for (const variable of ['LOG_LEVEL', 'ADMIN_PORT', ...needed]) expect(output).toContain(variable);
      expect(output).not.toContain('    at ');
    },
  );
});
