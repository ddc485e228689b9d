import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { BlogService } from '@trellis/contracts/blog/v1';
import { announce } from '@trellis/discovery';
import { createLogger } from '@trellis/telemetry';
import type { RegistryAccess } from '../own-registry.js';
import { answer, serveGrpc } from './grpc-connection.js';
import { serveHttp } from './http-backend.js';
import { ANSWERS } from './traffic.js';

/** What this process is told, as JSON. */
export interface BackendsOptions {
  /** The public keys, as `/jwks` gives them. */
  readonly keys: object;
  /** Where the two are announced. */
  readonly blog: RegistryAccess;
  readonly posts: RegistryAccess;
}

/** Where everything is that the subjects need behind them. */
export interface Backends {
  readonly kind: 'backends';
  readonly grpc: number;
  readonly http: number;
  readonly jwks: number;
  /** Takes traces and throws them away. */
  readonly traces: number;
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const { keys, blog, posts } = JSON.parse(process.argv[2] ?? '') as BackendsOptions;
const answers = ANSWERS.map(({ request, answer: message }) => answer(request, message));
const backends: Backends = {
  kind: 'backends',
  grpc: await portOf(createServer({ noDelay: true }, (socket) => serveGrpc(socket, answers))),
  http: await portOf(createServer({ noDelay: true }, serveHttp)),
  jwks: await portOf(createHttpServer((_, response) => response.end(JSON.stringify(keys)))),
  traces: await portOf(createHttpServer((request, response) => request.resume().on('end', () => response.end()))),
};

const logger = createLogger({ name: 'bench', level: 'error' });
const about = { version: '1.0.0', zone: '', weight: 100, metadata: {} } as const;
const grpc = { ...about, protocol: 'grpc', address: `127.0.0.1:${backends.grpc}` } as const;
const http = { ...about, protocol: 'http', address: `127.0.0.1:${backends.http}` } as const;
const announcements = [
  announce({ ...blog, instance: { ...grpc, id: 'blog-1', service: 'blog' }, services: [BlogService], logger }),
  announce({ ...posts, instance: { ...http, id: 'posts-1', service: 'posts' }, logger }),
];
await Promise.all(announcements.map((announcement) => announcement.accepted(30_000)));

process.on('disconnect', () => process.exit());
process.send?.(backends);
