const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = '0\r\n\r\n';

/**
 * The end of the head and of the whole HTTP/1 message at the start of the bytes, or undefined when it is not all there yet.
 * For what is known to hold one well-formed message at most: a benchmark's own requests and the answers to them.
 */
export function wholeMessage(bytes: Buffer): { readonly head: string; readonly body: Buffer } | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const body = bytes.subarray(headEnd + HEAD_END.length);
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (length !== undefined) return body.length >= Number(length) ? { head, body } : undefined;
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { head, body };
  return body.subarray(-LAST_CHUNK.length).toString('latin1') === LAST_CHUNK
    ? { head, body: unchunked(body) }
    : undefined;
}

function unchunked(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(pieces);
    pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
