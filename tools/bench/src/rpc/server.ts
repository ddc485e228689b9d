import { once } from 'node:events';
import { type ServerHttp2Stream, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { announce } from '@trellis/discovery';
import { createLogger } from '@trellis/telemetry';
import { echoMethod } from './echo-service.js';

/** Instances of the service, in one process. They answer with what they got, as cheaply as Node can. */
const INSTANCES = 3;

const HEAD = { ':status': 200, 'content-type': 'application/grpc' };
const STATUS = { 'grpc-status': '0' };

function echo(stream: ServerHttp2Stream): void {
  const pieces: Buffer[] = [];
  stream.on('error', (error) => console.error(error.message));
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('end', () => {
    stream.respond(HEAD, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers(STATUS));
    stream.end(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
  });
}

async function listen(): Promise<string> {
  const server = createServer({ settings: { maxConcurrentStreams: 1_000 } }).on('stream', echo);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const [address = '', credential = ''] = process.argv.slice(2);
const logger = createLogger({ name: 'bench', level: 'error' });
const service = echoMethod().parent;
const addresses = await Promise.all(Array.from({ length: INSTANCES }, listen));
await Promise.all(
  addresses.map((own, n) => {
    const about = { service: 'echo', version: '1.0.0', protocol: 'grpc', zone: '', weight: 1, metadata: {} } as const;
    const instance = { ...about, id: `echo-${n}`, address: own };
    return announce({ address, credential, instance, services: [service], logger }).accepted(10_000);
  }),
);

process.on('disconnect', () => process.exit());
process.send?.(addresses);
