import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Instance } from '@trellis/discovery';
import { ECHO, echoAt } from './platform.fixture.js';

const SERVER = `
  import { Server, ServerCredentials } from '@grpc/grpc-js';
  const asIs = (bytes) => bytes;
  const codec = { requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs };
  const server = new Server();
  server.addService(
    { echo: { path: '${ECHO}', requestStream: false, responseStream: false, ...codec } },
    { echo: (call, answer) => setTimeout(() => answer(null, call.request), Number(process.argv[1])) },
  );
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) => process.send(port));
  process.on('disconnect', () => process.exit());
`;

/** An echo server in a process of its own, which alone can be killed and stopped as processes are. */
export class EchoProcess {
  readonly #child: ChildProcess;
  readonly instance: Instance;

  private constructor(child: ChildProcess, instance: Instance) {
    this.#child = child;
    this.instance = instance;
  }

  /** It answers after `ms` milliseconds. */
  static async start(id: string, ms = 0): Promise<EchoProcess> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', SERVER, String(ms)], {
      cwd: import.meta.dirname,
      env: {},
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [port] = (await once(child, 'message')) as [number];
    return new EchoProcess(child, echoAt(`127.0.0.1:${port}`, { id }));
  }

  /** kill -9 */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Its connections stay open and nobody answers. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.kill();
    await once(this.#child, 'exit');
  }
}
