import type { Transform, Writable } from 'node:stream';
import { Code, PROBLEM_CONTENT_TYPE, ServiceError, toProblem, unavailable } from '@trellis/errors';
import { endTogether } from '@trellis/rpc';
import { InvalidRequest } from '@trellis/transcoding';
import { challengeFor } from './challenge.js';
import type { Exchange } from './exchange.js';
import { HttpRefusal } from './http-refusal.js';

/** What gives a body another form on its way out: a compression. */
export interface Encoding {
  /** For a body that is there as a whole, and is small enough that nobody minds to wait for it. */
  whole(body: string | Uint8Array): Uint8Array;
  /** For one that comes in pieces. */
  stream(): Transform;
}

/** The head of an answer that has not gone out yet. */
export class Answer {
  status: number;
  /**
   * Names in lower case and values, in turn. A name may stand there several times. `content-length` stands there only if a
   * service said it.
   */
  readonly headers: string[];
  /** What the body is sent as; as it is when nobody sets it. Whoever does says so in the headers. */
  encoding: Encoding | undefined;
  readonly #size: number | undefined;

  constructor(status: number, headers: string[], size: number | undefined) {
    this.status = status;
    this.headers = headers;
    this.#size = size;
  }

  /** Bytes of the body before any encoding, when they are known. */
  get size(): number | undefined {
    if (this.#size !== undefined) return this.#size;
    const length = this.get('content-length');
    return length === undefined ? undefined : Number(length);
  }

  /** The first value of the header; undefined when there is none. */
  get(name: string): string | undefined {
    const at = this.#at(name);
    return at < 0 ? undefined : this.headers[at + 1];
  }

  /** Puts a value in the place of whatever the header had. */
  set(name: string, value: string): void {
    const at = this.#at(name);
    if (at < 0) this.headers.push(name, value);
    else {
      this.remove(name);
      this.headers.push(name, value);
    }
  }

  /** Adds a value beside those that the header has. */
  add(name: string, value: string): void {
    this.headers.push(name, value);
  }

  remove(name: string): void {
    for (let at = this.#at(name); at >= 0; at = this.#at(name)) this.headers.splice(at, 2);
  }

  #at(name: string): number {
    const { headers } = this;
    for (let at = 0; at < headers.length; at += 2) if (headers[at] === name) return at;
    return -1;
  }
}

/** A larger body is encoded piece by piece, beside other work. Up to here at once is cheaper, by half and more. */
const MOST_AT_ONCE = 65_536;

/** Sends a whole answer. `headers` are names in lower case and values in turn, without content-length. */
export function answerWhole(exchange: Exchange, status: number, headers: string[], body: string | Uint8Array): void {
  const size = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const answer = prepare(exchange, status, headers, size);
  const { encoding } = answer;
  if (encoding && size > MOST_AT_ONCE) {
    send(exchange, answer).end(body);
    return;
  }
  const content = encoding && exchange.httpMethod !== 'HEAD' ? encoding.whole(body) : body;
  // A status without a body has no length either (RFC 9110, section 8.6); one that was not encoded has none that is known.
  if (answer.status !== 204 && answer.status !== 304 && (!encoding || content !== body)) {
    answer.headers.push('content-length', String(encoding ? content.length : size));
  }
  const response = exchange.response.writeHead(answer.status, answer.headers);
  if (typeof content === 'string') response.end(content);
  else endTogether(response, content);
}

/** Sends the head and returns what takes the body. */
export function openAnswer(exchange: Exchange, status: number, headers: string[]): Writable {
  return send(exchange, prepare(exchange, status, headers, undefined));
}

/** The answer as the policies of the route want it. */
function prepare(exchange: Exchange, status: number, headers: string[], size: number | undefined): Answer {
  const { promised, route } = exchange;
  if (promised) headers.push(...promised);
  const answer = new Answer(status, headers, size);
  for (const step of route.pipeline.answer) step(answer, exchange);
  return answer;
}

function send({ response, httpMethod }: Exchange, answer: Answer): Writable {
  const { encoding } = answer;
  if (encoding) answer.remove('content-length');
  response.writeHead(answer.status, answer.headers);
  if (!encoding || httpMethod === 'HEAD') return response;
  const through = encoding.stream();
  through.pipe(response);
  through.once('error', (error) => response.destroy(error));
  response.once('close', () => through.destroy());
  return through;
}

/** Faults of ours or of a service. What they say was not written for the caller, whatever wrote it. */
const FAULTS: ReadonlySet<Code> = new Set([Code.INTERNAL, Code.UNKNOWN, Code.DATA_LOSS]);

export const isFault = (error: ServiceError): boolean => FAULTS.has(error.code);

const NO_REFINEMENT: Partial<Pick<HttpRefusal, 'status' | 'headers'>> = {};

function presentable(error: ServiceError): ServiceError {
  if (isFault(error)) return ServiceError.from(undefined);
  // A client that cancels gets no answer, so it was the service: 499 would put the blame on the wrong side.
  return error.code === Code.CANCELLED ? unavailable('The service broke off the call') : error;
}

/** Sends problem+json with the headers that belong to the status. */
export function answerProblem(exchange: Exchange, error: ServiceError): void {
  const { requestId, traceId, path, route } = exchange;
  exchange.error = error;
  const shown = presentable(error);
  const { status, headers: refined = {} } = shown instanceof HttpRefusal ? shown : NO_REFINEMENT;
  const { locate } = route.target;
  const problem = {
    ...toProblem(shown, { instance: path, requestId, traceId, status, ...(locate && { locate }) }),
    ...(shown instanceof InvalidRequest && { errors: shown.errors }),
  };
  const headers = ['content-type', PROBLEM_CONTENT_TYPE];
  const challenge = challengeFor(shown);
  if (challenge !== undefined) headers.push('www-authenticate', challenge);
  const waits = problem.status === 503 || problem.status === 429;
  if (waits) headers.push('retry-after', String(Math.max(1, Math.ceil(shown.retryAfter ?? 1))));
  for (const [name, value] of Object.entries(refined)) headers.push(name, value);
  answerWhole(exchange, problem.status, headers, JSON.stringify(problem));
}
