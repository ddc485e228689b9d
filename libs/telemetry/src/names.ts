import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
} from '@opentelemetry/semantic-conventions';

/**
 * Attribute keys by the semantic conventions 1.45. The rpc, messaging and cloudevents ones are not declared stable there,
 * so their package may rename them in any release: they are spelled out here, and here alone.
 */
export const attribute = {
  clientAddress: ATTR_CLIENT_ADDRESS,
  errorType: ATTR_ERROR_TYPE,
  httpMethod: ATTR_HTTP_REQUEST_METHOD,
  httpRoute: ATTR_HTTP_ROUTE,
  httpStatus: ATTR_HTTP_RESPONSE_STATUS_CODE,
  urlPath: ATTR_URL_PATH,
  urlScheme: ATTR_URL_SCHEME,
  serverAddress: ATTR_SERVER_ADDRESS,
  serverPort: ATTR_SERVER_PORT,
  /** "grpc" */
  rpcSystem: 'rpc.system.name',
  /** Full method without the leading slash: "trellis.blog.v1.BlogService/GetPost" */
  rpcMethod: 'rpc.method',
  /** The code's name: "OK", "NOT_FOUND" */
  rpcStatus: 'rpc.response.status_code',
  /** "kafka" */
  messagingSystem: 'messaging.system',
  /** Topic */
  messagingDestination: 'messaging.destination.name',
  messagingPartition: 'messaging.destination.partition.id',
  messagingGroup: 'messaging.consumer.group.name',
  messagingMessageId: 'messaging.message.id',
  /** "send" or "process" */
  messagingOperation: 'messaging.operation.type',
  messagingBatchCount: 'messaging.batch.message_count',
  kafkaKey: 'messaging.kafka.message.key',
  kafkaOffset: 'messaging.kafka.offset',
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
  /** Ours: "usable" or "ejected". */
  instanceState: 'trellis.instance.state',
  /** Ours: id of the instance that was called. */
  instance: 'trellis.instance',
} as const;

/** Span names of few values: never with ids in them, so that they group. */
export const spanName = {
  /** "GET /v1/posts/{id}", and the method alone when no route matched */
  http: (method: string, route?: string) => (route === undefined ? method : `${method} ${route}`),
  /** "trellis.blog.v1.BlogService/GetPost" from a gRPC path, for both ends of the call */
  rpc: (path: string) => path.replace(/^\//, ''),
  /** "send trellis.blog.v1" */
  send: (topic: string) => `send ${topic}`,
  /** "process trellis.blog.v1" */
  process: (topic: string) => `process ${topic}`,
} as const;

/** Names of metrics. Durations are in seconds, as the conventions want them; the rest counts from the process's start. */
export const metricName = {
  /** Histogram: a request and its answer, to the last byte that the client got. */
  httpServerDuration: 'http.server.request.duration',
  /** Up-down counter: requests under way. */
  httpServerActive: 'http.server.active_requests',
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
} as const;
