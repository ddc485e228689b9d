import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type Logger, metricsHandler } from '@trellis/telemetry';
import type { Readiness } from './readiness.js';
import type { ServiceIdentity } from './service-identity.js';

/** Answers one kind of request to the admin port. */
export type AdminPage = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** By path and then by method in capitals: `{ '/routes': { GET: page } }`. */
export type AdminPages = Readonly<Record<string, Readonly<Record<string, AdminPage>>>>;

export interface AdminOptions {
  readonly identity: ServiceIdentity;
  readonly readiness: Readiness;
  readonly logger: Logger;
  /** Takes the instance out of rotation, or puts it in again. */
  readonly setDrained: (drained: boolean) => void;
  /** What the app adds, once it has started. */
  readonly more: () => AdminPages;
}

/**
 * What operators and orchestrators ask, on a port of its own that is never public: `/livez` (does the process run),
 * `/readyz` (should it get calls), `/health` (the same with all that is known), `/metrics` (Prometheus), `/log-level` (GET
 * and PUT), and `POST /drain` and `/undrain`.
 */
export function adminServer(options: AdminOptions): Server {
  const { logger, more } = options;
  const own = pagesOf(options);
  return createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    const [path = ''] = (request.url ?? '').split('?'); // not `new URL`, which throws for targets such as "//"
    const pages: AdminPages = { ...own, ...more() };
    const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
    if (!page) return answerJson(response, 404, { paths: Object.keys(pages).sort() });
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const handle = Object.hasOwn(page, method) ? page[method] : undefined;
    if (!handle) return answerJson(response, 405, { methods: Object.keys(page) });
    // A page in the operator's browser could reach this port; its requests tell where they come from.
    if (method !== 'GET' && request.headers.origin !== undefined) {
      return answerJson(response, 403, { problem: 'not from a web page' });
    }
    void (async () => handle(request, response))().catch((error: unknown) => {
      logger.error({ err: error, path }, 'an admin page failed');
      if (response.headersSent) response.destroy();
      else answerJson(response, 500, { problem: 'failed: the log has the reason' });
    });
  });
}

function pagesOf({ identity, readiness, logger, setDrained }: AdminOptions): AdminPages {
  const ready = async (): Promise<{ ok: boolean; body: object }> => {
    const { ok, checks } = await readiness.report();
    const { state } = readiness;
    return { ok: ok && state === 'SERVING', body: { state, checks } };
  };
  const drained =
    (wanted: boolean): AdminPage =>
    (_, response) => {
      setDrained(wanted);
      answerJson(response, 200, { state: readiness.state });
    };
  return {
    '/livez': { GET: (_, response) => answerJson(response, 200, { state: readiness.state }) },
    '/readyz': {
      GET: async (_, response) => {
        const { ok, body } = await ready();
        answerJson(response, ok ? 200 : 503, body);
      },
    },
    '/health': {
      GET: async (_, response) => {
        const { ok, body } = await ready();
        const { service, instanceId, version, zone, startTime } = identity;
        answerJson(response, ok ? 200 : 503, { service, instance: instanceId, version, zone, startTime, ...body });
      },
    },
    '/metrics': { GET: metricsHandler },
    '/log-level': {
      GET: (_, response) => answerJson(response, 200, { level: logger.level }),
      PUT: async (request, response) => {
        const { level } = await readJson(request);
        if (typeof level !== 'string' || !LEVELS.includes(level)) {
          return answerJson(response, 400, { problem: `give {"level": …} as one of ${LEVELS.join(', ')}` });
        }
        logger.info({ from: logger.level, to: level }, 'log level changed');
        logger.level = level;
        answerJson(response, 200, { level });
      },
    },
    '/drain': { POST: drained(true) },
    '/undrain': { POST: drained(false) },
  };
}

const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Bytes: what operators send is short. */
const MAX_BODY = 65_536;

/** The body as a JSON object; an empty one for everything that is none. */
async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_BODY) return {};
  }
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? { ...json } : {};
  } catch {
    return {}; // the page says what it wants instead
  }
}

/** Answers a request to the admin port with a line of JSON. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
