import { attribute, knownHttpMethod, spanName } from '@trellis/telemetry';
import type { Dispatcher } from 'undici';
import { unreachable } from '../call-failures.js';
import type { HttpCall, HttpHeaders } from '../rpc.js';
import type { Wire, WireTerms } from '../wire.js';
import { HttpExchange } from './http-exchange.js';
import { HttpPeers } from './http-peers.js';
import { HttpRefused } from './http-refused.js';
import type { HttpReply } from './http-reply.js';
import { RequestBody } from './request-body.js';

/** undici's own types leave the name out under which a connection with TLS is kept. */
type DispatchOptions = Dispatcher.DispatchOptions & { servername?: string };
type UndiciHeaders = NonNullable<Dispatcher.DispatchOptions['headers']>;

/** A request, or one for another protocol on its connection. */
export interface WireCall extends HttpCall {
  readonly upgrade?: string;
}

export interface HttpWire extends Wire<WireCall, HttpReply> {
  /** Breaks off what is under way. */
  close(): void;
}

/** Requests to instances that speak HTTP/1.1. What they answer is passed on unread. */
export function httpWire(now: () => number): HttpWire {
  const peers = new HttpPeers();

  const send = (call: WireCall, { address }: { readonly address: string }, terms: WireTerms): Promise<HttpReply> =>
    new Promise((resolve, reject) => {
      const { method, path, headers, upgrade = null, bodyDeadline = terms.callDeadline, onInformation } = call;
      const body = RequestBody.of(call.body, now);
      const exchange = new HttpExchange({ terms, bodyDeadline, body, onInformation, now, resolve, reject });
      try {
        const peer = peers.at(address, terms.policy);
        const request: DispatchOptions = { method, path, headers: withTrace(headers, terms), body, upgrade };
        // Else it is the Host of the request, and undici connects anew whenever that changes.
        if (terms.policy.tls) request.servername = address;
        // When all that has come in this turn of the loop is read, as answers are (`end-together.ts`). It tells the exchange what
        // goes wrong, and throws nothing.
        setImmediate(() => peer.dispatch(request, exchange));
      } catch (error) {
        exchange.abort(unreachable(error));
      }
    });

  return {
    send,
    spanName: ({ method }) => spanName.http(knownHttpMethod(method)),
    spanAttributes: ({ method, path }, { address }, number) => ({
      [attribute.httpMethod]: knownHttpMethod(method),
      [attribute.urlFull]: `http://${address}${path.split('?', 1)[0]}`,
      ...(number > 1 && { [attribute.httpResendCount]: number - 1 }),
    }),
    statusAttributes: (reply, failure) => {
      const status = failure instanceof HttpRefused ? failure.reply.status : reply?.status;
      return status === undefined ? {} : { [attribute.httpStatus]: status };
    },
    close: () => peers.close(),
  };
}

function withTrace(headers: HttpHeaders | undefined, { traceHeaders }: WireTerms): UndiciHeaders {
  if (!isFlat(headers)) return { ...headers, ...traceHeaders };
  const list = [...headers];
  for (const name in traceHeaders) list.push(name, traceHeaders[name] ?? '');
  return list;
}

const isFlat = (headers: HttpHeaders | undefined): headers is readonly string[] => Array.isArray(headers);
