/**
 * The twin of plain_service.py for machines without Python: node:http, and the requests that curl would send. Nothing of
 * this repository is imported.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const TTL_SECONDS = 3;
const { REGISTRY_URL, REGISTRY_CREDENTIAL_FILE, INSTANCE_ID = 'plain-node', HOST = '127.0.0.1' } = process.env;
const credential = readFileSync(REGISTRY_CREDENTIAL_FILE, 'utf8').trim();

const server = createServer((request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (request.method === 'POST') return request.pipe(response.writeHead(201));
  const url = new URL(request.url, 'http://plain');
  if (url.pathname === '/health') return answer(200, { status: 'ok' });
  if (url.pathname !== '/greeting') return answer(404, { title: 'There is nothing here' });
  const name = url.searchParams.get('name') ?? 'nobody';
  return answer(200, { greeting: `Hello ${name}`, instance: INSTANCE_ID });
});

/** Returns the status. The registry may be away: 0, and the next beat tries again. */
async function ask(method, path = '', body = undefined) {
  try {
    const response = await fetch(`${REGISTRY_URL}/v1/services/plain/instances${path}`, {
      method,
      headers: { authorization: `Bearer ${credential}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(2000),
    });
    if (!response.ok) console.error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status;
  } catch (error) {
    console.error(`${method} ${path}: ${error.message}`);
    return 0;
  }
}

const register = (port) =>
  ask('POST', '', {
    id: INSTANCE_ID,
    version: '1.0.0',
    address: HOST,
    port,
    protocol: 'http',
    ttl: `${TTL_SECONDS}s`,
    healthPath: '/health',
    tags: ['node'],
  });

server.listen(0, HOST, async () => {
  const { port } = server.address();
  let beating;
  // Before it registers: whoever sees it listed may end it at once.
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, async () => {
      clearInterval(beating);
      await ask('DELETE', `/${INSTANCE_ID}`);
      process.exit(0);
    });
  }
  let status = await register(port);
  console.log(port);
  beating = setInterval(
    async () => (status = status === 200 ? await ask('PUT', `/${INSTANCE_ID}/heartbeat`, {}) : await register(port)),
    (TTL_SECONDS * 1000) / 3,
  );
});
