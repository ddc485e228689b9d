import { type Server, createServer } from 'node:http';
import type { Gateway } from './gateway.js';
import { refuseMalformed, refuseOnSocket } from './malformed-request.js';
import { requestListener, upgradeListener } from './request-listener.js';
import { Tunnels } from './tunnels.js';
import { tellOfUnread } from './unread-request.js';
import { mayUpgrade } from './upgrade.js';

/** A client that needs longer for its headers is not a client but a slow attack. */
const HEADERS_TIMEOUT_MS = 5_000;
/** Headers and body together. A body that is read as a whole ends by the request's deadline, long before. */
const REQUEST_TIMEOUT_MS = 300_000;
/** How often Node looks for connections past these timeouts. */
const TIMEOUT_CHECK_MS = 1_000;
/** Longer than a browser or load balancer keeps idle connections, so that they close first (usual: 60 s and less). */
const KEEP_ALIVE_MS = 65_000;
/** How long nothing may move on a connection: a client that leaves its answer unread, a service that is slow to begin one. */
const STALL_MS = 120_000;
/** Bytes of all headers. node:http's own default, written down because it bounds a token and a path too. */
const MAX_HEADERS = 16_384;

/** The public HTTP server, not yet listening. `draining`: aborted when it takes no more requests. */
export function createDataPlane(gateway: Gateway, draining: AbortSignal): Server {
  const handle = requestListener(gateway);
  const tunnels = new Tunnels();
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADERS,
      optimizeEmptyRequests: true, // a request without a body is no stream that has to end
      shouldUpgradeCallback: mayUpgrade,
      requireHostHeader: false, // it is required, but the refusal is ours
    },
    (request, response) => handle(request, response),
  );
  server.setTimeout(STALL_MS); // Node cuts a connection on which nothing moves
  server.on('checkContinue', (request, response) => handle(request, response, true));
  server.on('checkExpectation', (request, response) => handle(request, response)); // an expectation that nobody knows is no reason for an answer without its ids
  server.on('upgrade', upgradeListener(gateway, tunnels));
  draining.addEventListener('abort', () => tunnels.end(), { once: true });
  const tell = tellOfUnread(gateway);
  server.on('connect', (_request, socket) => {
    tell(refuseOnSocket(socket, 405, 'This is no proxy that tunnels', 'CONNECT_REFUSED'));
  });
  server.on('clientError', (error, socket) => {
    const refused = refuseMalformed(error, socket);
    if (refused) tell(refused);
  });
  return server;
}
