import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Code, ServiceError } from '@trellis/errors';
import { bodyTooLarge, bodyTooSlow, notJson } from './http-refusal.js';

/** The largest contract in base64, and an instance around it. */
const MAX_BODY = 512 * 1024;
/** Milliseconds in which a body has to arrive. */
const WITHIN = 5_000;

/** The body as it came; undefined when the request has none. Rejects with 415, 413 and 408. */
export function readJsonBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const { headers } = request;
  const announced = Number(headers['content-length'] ?? 0);
  if (announced === 0 && headers['transfer-encoding'] === undefined) return Promise.resolve(undefined);
  if (!isJson(headers)) return Promise.reject(notJson());
  if (announced > MAX_BODY) return Promise.reject(bodyTooLarge(MAX_BODY));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => settle(() => reject(bodyTooSlow())), WITHIN);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > MAX_BODY) settle(() => reject(bodyTooLarge(MAX_BODY)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks, size)));
    const onClose = (): void => settle(() => reject(new ServiceError(Code.CANCELLED, 'The client went away')));
    request.on('data', onData).once('end', onEnd).once('close', onClose);
  });
}

function isJson(headers: IncomingHttpHeaders): boolean {
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return (
    type === 'application/json' &&
    (charset === undefined || /^charset="?utf-8"?$/.test(charset)) &&
    (headers['content-encoding'] ?? 'identity') === 'identity'
  );
}
