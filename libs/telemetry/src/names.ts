import {
  ATTR_CLIENT_ADDRESS,
  ATTR_DB_QUERY_SUMMARY,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_RPC_METHOD,
  ATTR_RPC_STATUS_CODE,
  ATTR_RPC_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';

/**
 * Attribute keys by the semantic conventions 1.45, whose http, rpc, db, url, server and error are stable. The messaging,
 * kafka, cloudevents and server.service ones are not, so their package may rename them in any release: they are spelled out
 * here, and here alone.
 */
export const attribute = {
  clientAddress: ATTR_CLIENT_ADDRESS,
  errorType: ATTR_ERROR_TYPE,
  /** One that the conventions name, or "_OTHER": see `knownHttpMethod`. */
  httpMethod: ATTR_HTTP_REQUEST_METHOD,
  /** What a client said instead of one that is known. */
  httpMethodOriginal: ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  /** How often it was asked before; absent from the first request. */
  httpResendCount: ATTR_HTTP_REQUEST_RESEND_COUNT,
  httpRoute: ATTR_HTTP_ROUTE,
  httpStatus: ATTR_HTTP_RESPONSE_STATUS_CODE,
  /** "1.1" */
  protocolVersion: ATTR_NETWORK_PROTOCOL_VERSION,
  /** Without the query, which may hold what nobody should read. */
  urlFull: ATTR_URL_FULL,
  urlPath: ATTR_URL_PATH,
  urlScheme: ATTR_URL_SCHEME,
  serverAddress: ATTR_SERVER_ADDRESS,
  serverPort: ATTR_SERVER_PORT,
  /** Of the service that is asked, at the end that asks. */
  serverService: 'server.service.name',
  /** "INSERT outbox" */
  dbSummary: ATTR_DB_QUERY_SUMMARY,
  /** "grpc" */
  rpcSystem: ATTR_RPC_SYSTEM_NAME,
  /** Full method without the leading slash: "trellis.blog.v1.BlogService/GetPost" */
  rpcMethod: ATTR_RPC_METHOD,
  /** The code's name: "OK", "NOT_FOUND" */
  rpcStatus: ATTR_RPC_STATUS_CODE,
  /** "kafka" */
  messagingSystem: 'messaging.system.name',
  /** Topic */
  messagingDestination: 'messaging.destination.name',
  messagingPartition: 'messaging.destination.partition.id',
  messagingGroup: 'messaging.consumer.group.name',
  /** The event's id: Kafka has none of its own. */
  messagingMessageId: 'messaging.message.id',
  /** "send" or "process", which are also the names of the operations. */
  messagingOperation: 'messaging.operation.type',
  messagingOperationName: 'messaging.operation.name',
  messagingBatchCount: 'messaging.batch.message_count',
  kafkaKey: 'kafka.message.key',
  kafkaOffset: 'kafka.offset',
  eventId: 'cloudevents.event_id',
  eventType: 'cloudevents.event_type',
  eventSource: 'cloudevents.event_source',
  /** Ours: which try of one call this span is, 1 for the first. */
  attempt: 'trellis.attempt',
  /** Ours: what this try makes up for, such as "CONNECT_FAILED" or "hedge"; absent from the first. */
  attemptReason: 'trellis.attempt.reason',
  /** Ours: which fallback gave the answer, "backup", "prepared" or "last-good". */
  fallback: 'trellis.fallback',
  /** Ours: name of the service that is called. */
  service: 'trellis.service',
  /** Ours: group of methods that share a circuit breaker. */
  group: 'trellis.group',
  /** Ours: who refused a call, "bulkhead" or "circuit". */
  refusal: 'trellis.refusal',
  /** Ours: what became of a record: "done", "repeated" or "put-aside". */
  eventOutcome: 'trellis.event.outcome',
  /** Ours: "session" or "watch". */
  registryStream: 'trellis.registry.stream',
  /** Ours: "usable" or "ejected"; of the registry "SERVING", "DRAINING" and so on. */
  instanceState: 'trellis.instance.state',
  /** Ours: id of the instance that was called. */
  instance: 'trellis.instance',
} as const;

const OTHER_METHOD = '_OTHER';

/** RFC 9110's, and PATCH. Whatever else a client may say is one value, or he could make as many as he likes. */
const KNOWN_METHODS: ReadonlySet<string> = new Set('CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT TRACE'.split(' '));

/** The method as the conventions want it in `http.request.method`. */
export const knownHttpMethod = (method: string): string => (KNOWN_METHODS.has(method) ? method : OTHER_METHOD);

/** Span names of few values: never with ids in them, so that they group. */
export const spanName = {
  /** "GET /v1/posts/{id}", and the method alone when no route matched; "HTTP" for a method that nobody knows */
  http: (method: string, route?: string) => {
    const name = method === OTHER_METHOD ? 'HTTP' : method;
    return route === undefined ? name : `${name} ${route}`;
  },
  /** "trellis.blog.v1.BlogService/GetPost" from a gRPC path, for both ends of the call */
  rpc: (path: string) => path.replace(/^\//, ''),
  /** "send trellis.blog.v1", or "send" for a batch to several topics */
  send: (topic?: string) => (topic === undefined ? 'send' : `send ${topic}`),
  /** "process trellis.blog.v1" */
  process: (topic: string) => `process ${topic}`,
} as const;

/** Names of metrics. Durations are in seconds, as the conventions want them; the rest counts from the process's start. */
export const metricName = {
  /** Histogram: a request and its answer, to the last byte that the client got. */
  httpServerDuration: 'http.server.request.duration',
  /** Up-down counter: requests under way. */
  httpServerActive: 'http.server.active_requests',
  /** Histogram: a call, from when it arrived to its answer. */
  rpcServerDuration: 'rpc.server.call.duration',
  /** Histogram: a call with all of its attempts. */
  rpcClientDuration: 'rpc.client.call.duration',
  /** Histogram: an HTTP request with all of its attempts, to the headers of its answer. */
  httpClientDuration: 'http.client.request.duration',
  rpcAttempts: 'trellis.rpc.client.attempts',
  rpcRetries: 'trellis.rpc.client.retries',
  rpcHedges: 'trellis.rpc.client.hedges',
  /** By kind of fallback. */
  rpcFallbacks: 'trellis.rpc.client.fallbacks',
  /** Instances put out of rotation. */
  rpcEjections: 'trellis.rpc.client.ejections',
  /** Calls that a full bulkhead refused, and those that an open circuit breaker did. */
  rpcRefusals: 'trellis.rpc.client.refusals',
  /** Gauge: 0 closed, 1 half-open, 2 open. */
  rpcCircuit: 'trellis.rpc.client.circuit.state',
  /** Gauge: instances that may be picked, and those out of rotation. */
  rpcInstances: 'trellis.rpc.client.instances',
  /** Gauges: events that are committed and not yet published, up to a bound, and how long the oldest waits, in seconds. */
  outboxPending: 'trellis.outbox.pending',
  outboxLag: 'trellis.outbox.lag',
  /** Counters: events that Kafka has acknowledged, and batches that it or the database did not take. */
  outboxPublished: 'trellis.outbox.published',
  outboxFailures: 'trellis.outbox.failures',
  /** Counter: records that a consumer is done with, by what became of them. */
  eventsConsumed: 'trellis.events.consumed',
  /** Gauges of the registry: listed instances by service and state; sessions, watchers; services whose evictions stopped. */
  registryInstances: 'trellis.registry.instances',
  registryStreams: 'trellis.registry.streams',
  registryPreserved: 'trellis.registry.preserved',
  /** Counter: seconds of CPU. Gauge: bytes. By the conventions for processes. */
  processCpu: 'process.cpu.time',
  processMemory: 'process.memory.usage',
} as const;
