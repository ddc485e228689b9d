import { attribute } from '@trellis/telemetry';

export type SpanKindName = 'server' | 'client' | 'producer' | 'consumer';

/** A value, or true where any will do. */
export type ExpectedAttributes = Readonly<Record<string, string | number | boolean>>;

/** A span as a trace contract wants it, with those that it causes. */
export interface ExpectedSpan {
  readonly service: string;
  readonly kind: SpanKindName;
  readonly name: string;
  readonly attributes: ExpectedAttributes;
  /** Spans elsewhere that it is linked to, at least. */
  readonly links: number;
  readonly children: readonly ExpectedSpan[];
}

/** Every process says these of itself. */
export const RESOURCE: readonly string[] = ['service.version', 'service.instance.id'];

const ANY = true;
const PEER = { [attribute.serverAddress]: ANY, [attribute.serverPort]: ANY } as const;
const ATTEMPT = { ...PEER, [attribute.instance]: ANY, [attribute.attempt]: ANY } as const;

/** A request as a service takes it; `route` is "POST /v1/posts". */
export function httpServerSpan(service: string, route: string, status: number): ExpectedSpan {
  const [method = '', path = ''] = route.split(' ');
  return span(service, 'server', route, {
    [attribute.httpMethod]: method,
    [attribute.httpRoute]: path,
    [attribute.httpStatus]: status,
    [attribute.urlPath]: ANY,
    [attribute.urlScheme]: ANY,
  });
}

/** A request to an HTTP service that makes spans of its own, at both of its ends. */
export function requestSpan(from: string, to: string, method: string, route: string, status: number): ExpectedSpan {
  const own = {
    [attribute.httpMethod]: method,
    [attribute.httpStatus]: status,
    [attribute.urlFull]: ANY,
    [attribute.serverService]: to,
    ...ATTEMPT,
  };
  return span(from, 'client', method, own, [httpServerSpan(to, `${method} ${route}`, status)]);
}

/** A gRPC call at both of its ends: the attempt that is answered, and how it is served. */
export function callSpans(
  from: string,
  to: string,
  method: string,
  code: string,
  below: readonly ExpectedSpan[],
): ExpectedSpan {
  const both = {
    [attribute.rpcSystem]: 'grpc',
    [attribute.rpcMethod]: method,
    [attribute.rpcStatus]: code,
  };
  const served = span(to, 'server', method, both, below);
  return span(from, 'client', method, { ...both, [attribute.serverService]: to, ...ATTEMPT }, [served]);
}

export function sqlSpan(service: string, summary: string): ExpectedSpan {
  return span(service, 'client', summary, {
    'db.system.name': 'postgresql',
    'db.namespace': ANY,
    'db.query.text': ANY,
    [attribute.dbSummary]: summary,
    ...PEER,
  });
}

/** An event from the outbox to those who follow its topic. */
export function eventSpans(
  service: string,
  type: string,
  receivers: readonly (readonly [service: string, below: readonly ExpectedSpan[]])[],
): ExpectedSpan {
  const topic = type.slice(0, type.lastIndexOf('.'));
  const both = (operation: string) => ({
    [attribute.messagingSystem]: 'kafka',
    [attribute.messagingDestination]: topic,
    [attribute.messagingOperation]: operation,
    [attribute.messagingOperationName]: operation,
    [attribute.messagingMessageId]: ANY,
    [attribute.eventType]: type,
  });
  const received = receivers.map(([receiver, below]) => {
    const place = { [attribute.messagingPartition]: ANY, [attribute.kafkaOffset]: ANY };
    const own = { ...both('process'), [attribute.messagingGroup]: receiver, ...place };
    return span(receiver, 'consumer', `process ${topic}`, own, below);
  });
  return span(service, 'producer', `send ${topic}`, both('send'), received);
}

const span = (
  service: string,
  kind: SpanKindName,
  name: string,
  attributes: ExpectedAttributes,
  children: readonly ExpectedSpan[] = [],
): ExpectedSpan => ({ service, kind, name, attributes, links: 0, children });
