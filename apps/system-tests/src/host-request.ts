import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface HostRequest {
  readonly method: string;
  /** Of the Host header, which `fetch` lets nobody set. */
  readonly host: string;
  /** Path and query. */
  readonly target: string;
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HostAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Undefined when there is none, or it is no JSON. */
  readonly body: unknown;
}

/** What `curl URL -H "host: HOST"` sends, on a connection of its own. */
export async function askHost(url: string, asked: HostRequest): Promise<HostAnswer> {
  const { method, host, target, token, body } = asked;
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    host,
    ...(content !== '' && { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(content)}` }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...asked.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url + target, { method, headers, agent: false }, (answer) => {
      text(answer).then((body) => {
        const { statusCode: status = 0, headers } = answer;
        const json = headers['content-type']?.includes('json') === true && body !== '';
        resolve({ status, headers, body: json ? (JSON.parse(body) as unknown) : undefined });
      }, reject);
    });
    sent.on('error', reject).end(content);
  });
}
