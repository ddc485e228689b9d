import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { BlogService } from '@trellis/contracts/blog/v1';
import { type Announcement, announce } from '@trellis/discovery';
import { createLogger } from '@trellis/telemetry';
import type { RegistryAccess } from '../own-registry.js';
import { answer, serveGrpc } from './grpc-connection.js';
import { serveHttp } from './http-backend.js';
import { manyRoutes } from './many-routes.js';
import { ANSWERS } from './traffic.js';

/** What this process is told, as JSON. */
export interface BackendsOptions {
  /** The public keys, as `/jwks` gives them. */
  readonly keys: object;
  /** Where the blog service and the HTTP service are announced. */
  readonly registries: readonly { readonly blog: RegistryAccess; readonly posts: RegistryAccess }[];
  /** Where the services with many routes are announced when they are asked for, by their names. */
  readonly many: Readonly<Record<string, RegistryAccess>>;
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

export type BackendsOrder = { readonly kind: 'announce-many' };
export type BackendsReport = Backends | { readonly kind: 'announced' };

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const { keys, registries, many } = JSON.parse(process.argv[2] ?? '') as BackendsOptions;
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
const listed = (announcements: readonly Announcement[]): Promise<unknown> =>
  Promise.all(announcements.map((announcement) => announcement.accepted(30_000)));

await listed(
  registries.flatMap(({ blog, posts }) => [
    announce({ ...blog, instance: { ...grpc, id: 'blog-1', service: 'blog' }, services: [BlogService], logger }),
    announce({ ...posts, instance: { ...http, id: 'posts-1', service: 'posts' }, logger }),
  ]),
);

async function announceMany(): Promise<void> {
  await listed(
    Object.entries(many).map(([service, access]) =>
      announce({ ...access, instance: { ...grpc, id: service, service }, services: [manyRoutes(service)], logger }),
    ),
  );
  process.send?.({ kind: 'announced' } satisfies BackendsReport);
}

process.on('message', ({ kind }: BackendsOrder) => {
  if (kind === 'announce-many') void announceMany();
});
process.on('disconnect', () => process.exit());
process.send?.(backends);
