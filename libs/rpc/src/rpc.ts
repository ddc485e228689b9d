import type { Duplex, Readable, Writable } from 'node:stream';
import type { DescMessage, DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Directory, Instance } from '@trellis/discovery';
import type { Logger } from '@trellis/telemetry';
import type { CancelSignal } from './cancellation.js';
import type { CallPolicies, HashSource } from './policy/call-policies.js';
import type { Transport } from './transport.js';

/** What a call inherits from the call being served unless told otherwise. */
export interface CallOptions {
  /** Epoch milliseconds. The earlier of this and the served call's deadline holds. */
  readonly deadline?: number;
  /** Access token to send instead of the served call's. */
  readonly token?: string | undefined;
  /** Aborting it cancels the call, as does the served call's. */
  readonly signal?: CancelSignal | undefined;
}

export interface UnaryCall extends CallOptions {
  /** Name under which the instances register: `blog`. */
  readonly service: string;
  /** `/trellis.blog.v1.BlogService/GetPost` */
  readonly path: string;
  /** The request message in binary form. */
  readonly request: Uint8Array;
  /** Whether the call may be sent again when its outcome is unknown. */
  readonly repeatable: boolean;
  /** Calls with one key go to one instance where the policy's strategy is ring-hash or maglev. */
  readonly hashKey?: string | undefined;
  /** Sent along. Names in lower case, values in printable ASCII. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Type of the answer, for the prepared one of a policy's fallback; without it there is none. */
  readonly output?: DescMessage;
}

/** Which fallback an answer comes from; absent from an ordinary one. */
export type FallbackKind = 'backup' | 'prepared' | 'last-good';

export interface UnaryAnswer {
  /** The answer's message in binary form. */
  readonly message: Uint8Array;
  /** Who answered; undefined when no instance did: a prepared answer, or the last good one. */
  readonly instance: Instance | undefined;
  /** How many instances were asked, one after the other or at once. */
  readonly attempts: number;
  readonly fallback?: FallbackKind;
}

/** By name, or flat: `[name, value, name, value, …]`. */
export type HttpHeaders = Readonly<Record<string, string | string[]>> | readonly string[];

/** What is common to requests of both kinds to an instance that speaks HTTP. */
interface HttpRequest extends Omit<CallOptions, 'token'> {
  readonly service: string;
  /** Only instances of this version; any when absent. */
  readonly version?: string | undefined;
  /** With the query: `/oauth2/token?a=1` */
  readonly path: string;
  /**
   * Sent as they are, and a traceparent with them. Which of them concern one connection only is the caller's to know: of
   * those `connection` is read, and `keep-alive`, `transfer-encoding`, `upgrade` and `expect` make the call fail.
   */
  readonly headers?: HttpHeaders;
  readonly hashKey?: string | undefined;
  /** Epoch milliseconds by which the answer's body is through; when absent, the deadline. Infinity: as long as it takes. */
  readonly bodyDeadline?: number;
  /** Gets each informational answer (1xx) that comes before the answer, such as 103. */
  readonly onInformation?: (status: number, headers: readonly string[]) => void;
}

/** A request to an instance that speaks HTTP. `deadline` is when its answer begins. */
export interface HttpCall extends HttpRequest {
  readonly method: string;
  /**
   * A stream is read as fast as the instance takes it, and left open at the end, whatever that is: it is the caller's. Once
   * its first byte was taken the request is never sent again.
   */
  readonly body?: Uint8Array | Readable | undefined;
  /** Whether it may be sent again when its outcome is unknown; by the method when absent (RFC 9110, section 9.2.2). */
  readonly idempotent?: boolean;
}

/** A request for another protocol on the same connection (RFC 9110, section 7.8). */
export interface UpgradeCall extends HttpRequest {
  /** `websocket` */
  readonly protocol: string;
}

/** The rest of an answer. It is used once, by one of these; until then little of it is read. */
export interface HttpBody {
  /**
   * Writes it to the writable, as fast as that takes it, and ends that. Resolves when the last piece has been handed over.
   * When the answer breaks off the writable is destroyed, so that nobody takes what came for the whole, and the promise
   * rejects with ServiceError: UNAVAILABLE, DEADLINE_EXCEEDED, or CANCELLED when the writable was closed.
   * `onTrailers` gets the fields after the body, if there are any, before the writable is ended.
   */
  pipeTo(writable: Writable, onTrailers?: (trailers: readonly string[]) => void): Promise<void>;
  /** All of it. Rejects with ServiceError as `pipeTo` does, and with INTERNAL `ANSWER_TOO_LARGE` beyond so many bytes. */
  bytes(limit: number): Promise<Uint8Array>;
  /** Nobody wants it: reads a short rest, so that the connection can be used again, and breaks off a long one. */
  dump(): void;
}

/** What the instance answered, whatever the status. */
export interface HttpAnswer {
  readonly status: number;
  /** `Not Found`; may be empty, and is the instance's own words. */
  readonly statusText: string;
  /** `[name, value, name, value, …]` as they came, names in lower case; those of one name stand together, in their order. */
  readonly headers: readonly string[];
  /** Breaks off at the body's deadline and when the caller gives up. */
  readonly body: HttpBody;
  readonly instance: Instance | undefined;
  readonly attempts: number;
  readonly fallback?: FallbackKind;
  readonly socket?: undefined;
}

/** The instance agreed to speak another protocol: from here on the connection is the caller's, who ends it. */
export interface UpgradedAnswer extends Omit<HttpAnswer, 'body' | 'socket'> {
  readonly status: 101;
  /** Bytes that came after the answer's headers are in it. */
  readonly socket: Duplex;
}

/** One function for each unary method of the contract, named as in TypeScript: `getPost`. Streams are not part of it. */
export type Client<S extends DescService> = {
  readonly [M in keyof S['method'] as S['method'][M] extends DescMethodUnary ? M : never]: (
    request: MessageInitShape<S['method'][M]['input']>,
    options?: CallOptions,
  ) => Promise<MessageShape<S['method'][M]['output']>>;
};

/** What this process knows of an instance from asking it, where the policy of its service wants that. */
export interface InstanceHealth {
  readonly service: string;
  readonly instance: string;
  readonly address: string;
  readonly healthy: boolean;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly probes: number;
  readonly failures: number;
  /** Why it was not well when it last was not. */
  readonly lastFailure: string | undefined;
}

export interface Rpc {
  /**
   * Throws ServiceError only: what the service answered, or UNAVAILABLE with reason NO_INSTANCE, CONNECT_FAILED,
   * CONNECTION_LOST or CIRCUIT_OPEN, RESOURCE_EXHAUSTED with reason BULKHEAD_FULL, DEADLINE_EXCEEDED, CANCELLED.
   */
  unary(call: UnaryCall): Promise<UnaryAnswer>;
  /** Resolves as soon as the answer's headers are there. Throws as `unary` does. */
  http(call: HttpCall): Promise<HttpAnswer>;
  /** The connection, or the ordinary answer of a service that stays with HTTP. Never sent again once it may have arrived. */
  upgrade(call: UpgradeCall): Promise<UpgradedAnswer | HttpAnswer>;
  /** Typed calls; the service's name and what may be repeated come from the contract. */
  client<S extends DescService>(service: S): Client<S>;
  /** What of a call decides who gets it, as the policy says; undefined when nothing does. Without a path: of HTTP requests. */
  hashSource(service: string, path?: string): HashSource | undefined;
  /** Of all instances that are asked. */
  health(): readonly InstanceHealth[];
  /**
   * Other policies from now on. Services whose policy has changed are prepared anew at their next call; the others keep what
   * they have learnt, and calls under way end under the old ones.
   */
  use(policies: CallPolicies): void;
  close(): void;
}

export interface RpcOptions {
  readonly directory: Directory;
  readonly logger: Pick<Logger, 'debug' | 'warn'>;
  /** What an operator sets; see README. */
  readonly policies?: CallPolicies;
  /** Zone of this process; instances there go first. */
  readonly zone?: string;
  /** Deadline of a call that neither has one nor inherits one; 5,000 unless told. */
  readonly defaultTimeoutMs?: number;
  /** Name of this process, the same after a restart if it can be: it decides which part of a large pool is called. */
  readonly client?: string;
  readonly transport?: Transport;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets; balancing and resilience live by it. */
  readonly elapsed?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}
