import { type Server, type ServerResponse, createServer } from 'node:http';
import { metricsHandler } from '@trellis/telemetry';
import type { Readiness } from './readiness.js';
import type { ServiceIdentity } from './service-identity.js';

export interface AdminOptions {
  readonly identity: ServiceIdentity;
  readonly readiness: Readiness;
}

/**
 * What operators and orchestrators ask, on a port of its own that is never public: `/livez` (does the process run),
 * `/readyz` (should it get calls), `/health` (the same with all that is known) and `/metrics` (Prometheus).
 */
export function adminServer({ identity, readiness }: AdminOptions): Server {
  const ready = async (): Promise<{ ok: boolean; body: object }> => {
    const { ok, checks } = await readiness.report();
    const { state } = readiness;
    return { ok: ok && state === 'SERVING', body: { state, checks } };
  };
  return createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const [path] = (request.url ?? '').split('?'); // not `new URL`, which throws for targets such as "//"
    switch (path) {
      case '/livez':
        return answer(response, 200, { state: readiness.state });
      case '/readyz':
        return void ready().then(({ ok, body }) => answer(response, ok ? 200 : 503, body));
      case '/health':
        return void ready().then(({ ok, body }) => {
          const { service, instanceId, version, zone, startTime } = identity;
          answer(response, ok ? 200 : 503, { service, instance: instanceId, version, zone, startTime, ...body });
        });
      case '/metrics':
        return metricsHandler(request, response);
      default:
        return answer(response, 404, { paths: ['/health', '/livez', '/readyz', '/metrics'] });
    }
  });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
