import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { CONTENT_TYPE, type Encoding, encodingOf, readExport, writeAccepted, writeFailure } from './otlp-body.js';
import { Refused, readBody } from './read-body.js';
import type { TraceStore } from './trace-store.js';
import { translate } from './translate.js';

/** OTLP over HTTP, traces only: `POST /v1/traces` in protobuf or JSON. */
export function otlpReceiver(store: TraceStore): RequestListener {
  return (request, response) => {
    const encoding = encodingOf(request.headers['content-type']);
    receive(request, encoding, store).then(
      ({ body, as }) => {
        answer(response, 200, as, body);
      },
      (error: unknown) => {
        const refused = error instanceof Refused ? error : new Refused(400, 'the request broke off');
        if (refused.status === 405) response.setHeader('allow', 'POST');
        // What is left of the body is not read, so the connection cannot be used again.
        response.setHeader('connection', 'close');
        answer(response, refused.status, encoding ?? 'json', writeFailure(refused.message, encoding ?? 'json'));
      },
    );
  };
}

async function receive(
  request: IncomingMessage,
  encoding: Encoding | undefined,
  store: TraceStore,
): Promise<{ body: Uint8Array; as: Encoding }> {
  if (request.url?.split('?')[0] !== '/v1/traces') throw new Refused(404, 'traces are taken at /v1/traces');
  if (request.method !== 'POST') throw new Refused(405, 'traces are taken with POST');
  if (!encoding) throw new Refused(415, `send ${CONTENT_TYPE.protobuf} or ${CONTENT_TYPE.json}`);
  const { spans, rejected } = translate(decode(await readBody(request), encoding));
  for (const span of spans) store.add(span);
  return { body: writeAccepted(rejected, encoding), as: encoding };
}

function decode(body: Buffer, encoding: Encoding) {
  try {
    return readExport(body, encoding).resourceSpans;
  } catch (error) {
    throw new Refused(400, `not an OTLP trace export: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function answer(response: ServerResponse, status: number, encoding: Encoding, body: Uint8Array): void {
  response.writeHead(status, { 'content-type': CONTENT_TYPE[encoding], 'content-length': body.length });
  response.end(body);
}
