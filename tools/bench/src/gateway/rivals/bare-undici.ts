import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { listening } from './listening.js';

const [address = ''] = process.argv.slice(2);
const pool = new Pool(`http://${address}`, { connections: 1_024, headersTimeout: 0, bodyTimeout: 0 });

/** The least that a hop through node:http and undici costs: nothing is looked at, everything is passed on. */
const server = createServer((request, response) => {
  const pass = (body: Buffer | null): void => {
    let status = 0;
    let fields: Record<string, string | string[] | undefined> = {};
    const pieces: Buffer[] = [];
    pool.dispatch(
      { method: request.method as 'GET', path: request.url ?? '/', headers: [...request.rawHeaders], body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_, code, headers) => {
          status = code;
          fields = headers;
        },
        onResponseData: (_, piece) => void pieces.push(piece),
        onResponseEnd: () => {
          const list: string[] = [];
          for (const name in fields) list.push(name, String(fields[name]));
          response.writeHead(status, list).end(Buffer.concat(pieces).toString('latin1'), 'latin1');
        },
        onResponseError: (_, error) => void response.destroy(error),
      },
    );
  };
  if (request.method === 'GET') return pass(null);
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => pass(Buffer.concat(pieces)));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
listening(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
