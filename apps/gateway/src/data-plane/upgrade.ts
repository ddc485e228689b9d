import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { hasBody } from './body.js';
import { linger } from './linger.js';

/**
 * What connections may change to. Not `h2c`: requests within it would pass no policy. Whoever adds a protocol here lets all
 * of its messages pass with what was checked of the first.
 */
const PROTOCOLS: readonly string[] = ['websocket'];

/** The protocol that a request asks for and that it may have; undefined when it shall be answered as if it asked for none. */
export function protocolOf({ headers }: IncomingMessage): string | undefined {
  const asked = (headers.upgrade ?? '').split(',').map((name) => name.trim().toLowerCase());
  return PROTOCOLS.find((protocol) => asked.includes(protocol));
}

/**
 * Whether a request leaves HTTP. Anybody may ignore what it asks for (RFC 9110, section 7.8), and so it is where there is
 * more to it than a GET, and where the answer to an earlier request still has to go out on the connection.
 */
export function mayUpgrade(request: IncomingMessage): boolean {
  const { method, httpVersion, socket } = request;
  const busy = '_httpMessage' in socket && socket._httpMessage !== null && socket._httpMessage !== undefined;
  return method === 'GET' && httpVersion === '1.1' && !busy && !hasBody(request) && protocolOf(request) !== undefined;
}

/** The answer to a request whose connection Node has let go. Whatever is not a change of protocol ends the connection. */
export function responseOn(socket: Duplex, request: IncomingMessage): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(request.socket);
  socket.on('error', () => socket.destroy());
  socket.on('drain', () => response.emit('drain'));
  response.once('finish', () => {
    if (response.statusCode === 101) return;
    socket.end();
    linger(socket);
  });
  return response;
}
