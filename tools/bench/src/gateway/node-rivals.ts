import { join } from 'node:path';
import { inheritedEnv } from '@trellis/launch';
import { Pinned } from '../pinned.js';
import type { Backends } from './backends.js';
import type { Subject } from './subject.js';

/** What a rival of this folder says over IPC when it takes requests. */
export interface Listening {
  readonly kind: 'listening';
  readonly port: number;
}

/** A gateway in Node, as its README has it. */
const nodeRival = (name: string, on: string, file: string, backend: keyof Backends): Subject => ({
  name,
  cases: [on],
  start: async ({ backends }) => {
    const process = new Pinned('measured', [join(import.meta.dirname, file), `127.0.0.1:${backends[backend]}`], {
      ...inheritedEnv(),
      NODE_ENV: 'production',
    });
    const { port } = await process.hear<Listening, 'listening'>('listening', 60_000);
    return { process, port };
  },
});

export const nestjs = nodeRival('nestjs', 'rest-grpc', 'rivals/nest.js', 'grpc');
