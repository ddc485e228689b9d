import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { RolloutOptions } from './rollout/rollout.js';
import type { RolloutEvent } from './rollout/rollout-event.js';

/** Where a running launcher takes orders, and the secret that comes with them. */
export interface ControlAddress {
  readonly url: string;
  readonly secret: string;
}

const order = z.object({
  names: z.array(z.string()).default([]),
  readyWithinMs: z.number().int().positive().max(600_000).optional(),
  bakeMs: z.number().int().nonnegative().max(600_000).optional(),
});

/** What can be ordered. */
export interface Orders {
  rollout(options: RolloutOptions): Promise<void>;
}

export interface Control extends ControlAddress {
  close(): void;
}

/**
 * Takes orders on a port of this machine from whoever can read the platform's file: `POST /rollout` with what to replace as
 * JSON. The answer is an event of the rollout per line, as it happens. Whoever hangs up does not stop it: half a rollout
 * is nothing that anybody wants.
 */
export async function openControl(orders: Orders): Promise<Control> {
  const secret = randomBytes(32).toString('base64url');
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    void answer(orders, secret, request, response).catch((error: unknown) => refuse(response, 400, messageOf(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${portOf(server)}`, secret, close: () => server.close().closeAllConnections() };
}

async function answer(
  orders: Orders,
  secret: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isSame(request.headers.authorization ?? '', `Bearer ${secret}`))
    return refuse(response, 401, 'Not with this secret');
  if (request.method !== 'POST' || request.url !== '/rollout') return refuse(response, 404, 'There is POST /rollout');
  const { names, readyWithinMs, bakeMs } = order.parse(JSON.parse((await text(request)) || '{}'));
  const tell = (event: RolloutEvent): void => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${JSON.stringify(event)}\n`);
  };
  await orders
    .rollout({
      names,
      tell,
      ...(readyWithinMs !== undefined && { readyWithinMs }),
      ...(bakeMs !== undefined && { bakeMs }),
    })
    .catch((error: unknown) => {
      if (!response.headersSent) throw error; // else its events have told
    });
  response.end();
}

function refuse(response: ServerResponse, status: number, problem: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ problem }));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
