import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { refuseMalformed } from './malformed-request.js';

it('cuts off a client that was too slow and never closes its half of the connection', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    refuseMalformed(Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const failed = once(client, 'error'); // what the system says of bytes for a connection that is no more
  const sending = setInterval(() => client.write('x: y\r\n'), 50);

  expect(await text(client)).toMatch(/^HTTP\/1.1 408 /);
  await failed;

  clearInterval(sending);
  server.close();
});
