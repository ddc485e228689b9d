import { join } from 'node:path';
import { inheritedEnv } from '@trellis/launch';
import { Pinned } from '../pinned.js';
import type { Backends } from './backends.js';
import type { Listening } from './rivals/listening.js';
import type { Subject } from './subject.js';

/** A gateway in Node, set up as its documentation has it; `bare-undici` is none, but what every one of them costs at least. */
const nodeRival = (name: string, on: string, file: string, backend: 'grpc' | 'http'): Subject => ({
  name,
  cases: [on],
  warmsUp: true,
  start: async ({ backends }: { readonly backends: Backends }) => {
    const args = [join(import.meta.dirname, 'rivals', file), `127.0.0.1:${backends[backend]}`];
    const process = new Pinned('measured', args, { ...inheritedEnv(), NODE_ENV: 'production' });
    const { port } = await process.hear<Listening, 'listening'>('listening', 60_000);
    return { process, port };
  },
});

export const NODE_RIVALS: readonly Subject[] = [
  nodeRival('nestjs', 'rest-grpc', 'nest-grpc.js', 'grpc'),
  nodeRival('nestjs', 'http-http', 'nest-http.js', 'http'),
  nodeRival('bare-undici', 'http-http', 'bare-undici.js', 'http'),
  nodeRival('fast-gateway', 'http-http', 'fast-gateway.js', 'http'),
  nodeRival('fastify-http-proxy', 'http-http', 'fastify-http-proxy.js', 'http'),
];
