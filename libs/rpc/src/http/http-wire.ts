import { attribute } from '@trellis/telemetry';
import { Agent } from 'undici';
import { givenUp, late } from '../call-failures.js';
import { timerTo } from '../terms.js';
import { requestFailure } from './http-failure.js';
import { HttpRefused, refusedBy } from './http-refused.js';
import type { HttpReply } from './http-reply.js';
import type { HttpCall } from '../rpc.js';
import type { AttemptFailure } from '../transport.js';
import type { Wire, WireTerms } from '../wire.js';

/** Instances are neighbours: one that has not answered the handshake by now is as good as gone. */
const CONNECT_TIMEOUT_MS = 1_000;
/** To one instance. More requests wait for their turn, within their deadline. */
const MAX_CONNECTIONS = 64;
/** Longer than the deadline of any attempt: that is what ends one. */
const NEVER = 0;

export interface HttpWire extends Wire<HttpCall, HttpReply> {
  /** Breaks off what is under way. */
  close(): void;
}

/** Requests to instances that speak HTTP/1.1. What they answer is passed on unread. */
export function httpWire(now: () => number): HttpWire {
  const agent = new Agent({
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: NEVER,
    bodyTimeout: NEVER,
  });

  async function send(
    { method, path, headers, body }: HttpCall,
    { address }: { readonly address: string },
    terms: WireTerms,
  ): Promise<HttpReply> {
    const end = new Ending(terms.signal);
    end.within(timerTo(terms.deadline, now()));
    try {
      const reply = await agent.request({
        origin: `http://${address}`,
        path,
        method,
        headers: { ...headers, ...terms.traceHeaders },
        body: body ?? null,
        signal: end.signal,
      });
      end.within(timerTo(terms.callDeadline, now()));
      reply.body.once('close', () => end.cancel());
      const refusal = refusedBy(reply);
      if (refusal) throw refusal;
      return reply;
    } catch (error) {
      if (error instanceof HttpRefused) throw error;
      end.cancel();
      throw failureOf(error, end, terms.signal);
    }
  }

  return {
    send,
    spanName: ({ method }) => method,
    spanAttributes: ({ method, path }) => ({
      [attribute.httpMethod]: method,
      [attribute.urlPath]: path.split('?', 1)[0],
    }),
    statusAttributes: (reply, failure) => {
      const status = failure instanceof HttpRefused ? failure.reply.statusCode : reply?.statusCode;
      return status === undefined ? {} : { [attribute.httpStatus]: status };
    },
    close: () => void agent.destroy(),
  };
}

/** Aborts a request when its time is over or its caller gives up. */
class Ending {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #abort = (): void => this.#controller.abort();
  #timer: NodeJS.Timeout | undefined;
  late = false;

  constructor(caller: AbortSignal | undefined) {
    this.#caller = caller;
    caller?.addEventListener('abort', this.#abort, { once: true });
    if (caller?.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** From now, instead of what was set before. */
  within(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.late = true;
      this.#abort();
    }, ms).unref();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#abort);
  }
}

function failureOf(error: unknown, end: Ending, caller: AbortSignal | undefined): AttemptFailure {
  if (caller?.aborted) return givenUp();
  if (end.late) return late();
  return requestFailure(error);
}
