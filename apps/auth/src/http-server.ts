import { type Server, createServer } from 'node:http';
import type { Provider } from 'oidc-provider';

/** Milliseconds. */
const LIMITS = {
  /** To send the whole request. */
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  /** Longer than the gateway keeps an idle connection, so that it is never ours that closes first under a request. */
  keepAliveTimeout: 60_000,
};

/** The server behind the gateway. */
export function httpServer(provider: Provider): Server {
  const handle = provider.callback();
  return createServer(LIMITS, (request, response) => void handle(request, response));
}
