import { duration } from '@trellis/config-file';
import type { Instance } from '@trellis/discovery';
import { type ServiceError, codeName } from '@trellis/errors';
import { z } from 'zod';
import type { Exchange } from '../exchange.js';
import { tenths } from '../tenths.js';
import type { Policy } from './policy.js';

const settings = z
  .strictObject({
    share: z.number().min(0).max(1).default(1).describe('Share of the requests that are logged, from 0 to 1.'),
    slow: duration.default(1_000).describe('What took longer is always logged, as is what failed: 1s.'),
  })
  .describe('A line for each request, at level info.');

/**
 * Tells of each request when it is over. Of what a client has sent only what is named here: no query, no header that could
 * hold a secret, and nothing of a body.
 */
export const accessLog: Policy<z.output<typeof settings>> = {
  name: 'accessLog',
  settings,
  prepare(given, route, { accessLog: log, random }) {
    const { share, slow } = given ?? settings.parse({});
    const name = route.name === '' ? '' : `,"route":${JSON.stringify(route.name)}`;
    return {
      end(exchange) {
        if (!log.enabled) return;
        const { status, tookMs } = exchange;
        if (share < 1 && status < 500 && tookMs < slow && random() >= share) return;
        log.write(membersOf(exchange, status, name));
      },
    };
  },
};

/** Longer ones are cut: no client writes our log full. */
const MOST_OF = { path: 1_024, host: 255, userAgent: 256, reason: 64 };

function membersOf(exchange: Exchange, status: number, route: string): string {
  const { httpMethod, host, path, tookMs, upstreamMs, sentBytes, clientAddress, requestId, correlationId } = exchange;
  const { traceId, instance, attempts, fallback, caller, error, request } = exchange;
  const agent = request.headers['user-agent'];
  let members = `"method":"${httpMethod}","host":${text(host, MOST_OF.host)},"path":${text(path, MOST_OF.path)}${route}`;
  members += `,"status":${status},"ms":${tenths(tookMs)}`;
  if (upstreamMs !== undefined) members += `,"upstream_ms":${tenths(upstreamMs)}`;
  members += `,"bytes":${sentBytes},"client":"${clientAddress}"`;
  if (agent !== undefined) members += `,"user_agent":${text(agent, MOST_OF.userAgent)}`;
  members += `,"request_id":"${requestId}"`;
  if (correlationId !== undefined) members += `,"correlation_id":"${correlationId}"`;
  members += `,"trace_id":"${traceId}"`;
  if (instance) members += answeredBy(instance);
  if (attempts > 1) members += `,"attempts":${attempts}`;
  if (fallback !== undefined) members += `,"fallback":"${fallback}"`;
  if (caller) members += `,"caller":"${caller.kind}"`;
  return error ? members + refusedFor(error) : members;
}

const refusedFor = ({ code, reason }: ServiceError): string =>
  `,"error":"${codeName(code)}"${reason === undefined ? '' : `,"reason":${text(reason, MOST_OF.reason)}`}`;

const known = new WeakMap<Instance, string>();

function answeredBy(instance: Instance): string {
  let members = known.get(instance);
  if (members === undefined) {
    const { service, version, id } = instance;
    members = `,"service":${JSON.stringify(service)},"version":${JSON.stringify(version)},"instance":${JSON.stringify(id)}`;
    known.set(instance, members);
  }
  return members;
}

/** As JSON has it. What most texts consist of needs no escape. */
function text(value: string, most: number): string {
  const cut = value.length > most ? `${value.slice(0, most)}…` : value;
  return PLAIN.test(cut) ? `"${cut}"` : JSON.stringify(cut);
}

const PLAIN = /^[ !#-[\]-~]*$/;
