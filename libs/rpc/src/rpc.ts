import type { Readable } from 'node:stream';
import type { DescMessage, DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Directory, Instance } from '@trellis/discovery';
import type { Logger } from '@trellis/telemetry';
import type { CallPolicies, HashSource } from './policy/call-policies.js';
import type { Transport } from './transport.js';

/** What a call inherits from the call being served unless told otherwise. */
export interface CallOptions {
  /** Epoch milliseconds. The earlier of this and the served call's deadline holds. */
  readonly deadline?: number;
  /** Access token to send instead of the served call's. */
  readonly token?: string;
  /** Aborting it cancels the call, as does the served call's. */
  readonly signal?: AbortSignal;
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
  readonly hashKey?: string;
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

export type HttpHeaders = Readonly<Record<string, string | string[]>>;

/** A request to an instance that speaks HTTP. */
export interface HttpCall extends Omit<CallOptions, 'token'> {
  readonly service: string;
  /** Only instances of this version; any when absent. */
  readonly version?: string;
  readonly method: string;
  /** With the query: `/oauth2/token?a=1` */
  readonly path: string;
  /** Sent as they are. A traceparent is added, nothing else. */
  readonly headers?: HttpHeaders;
  readonly body?: Uint8Array;
  /** Whether it may be sent again when its outcome is unknown; by the method when absent (RFC 9110, section 9.2.2). */
  readonly idempotent?: boolean;
  readonly hashKey?: string;
}

/** What the instance answered, whatever the status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** To be read to its end or destroyed. Breaks off at the deadline and when the caller gives up. */
  readonly body: Readable;
  readonly instance: Instance | undefined;
  readonly attempts: number;
  readonly fallback?: FallbackKind;
}

/** One function for each unary method of the contract, named as in TypeScript: `getPost`. Streams are not part of it. */
export type Client<S extends DescService> = {
  readonly [M in keyof S['method'] as S['method'][M] extends DescMethodUnary ? M : never]: (
    request: MessageInitShape<S['method'][M]['input']>,
    options?: CallOptions,
  ) => Promise<MessageShape<S['method'][M]['output']>>;
};

export interface Rpc {
  /**
   * Throws ServiceError only: what the service answered, or UNAVAILABLE with reason NO_INSTANCE, CONNECT_FAILED,
   * CONNECTION_LOST or CIRCUIT_OPEN, RESOURCE_EXHAUSTED with reason BULKHEAD_FULL, DEADLINE_EXCEEDED, CANCELLED.
   */
  unary(call: UnaryCall): Promise<UnaryAnswer>;
  /** Resolves as soon as the answer's headers are there. Throws as `unary` does. */
  http(call: HttpCall): Promise<HttpAnswer>;
  /** Typed calls; the service's name and what may be repeated come from the contract. */
  client<S extends DescService>(service: S): Client<S>;
  /** What of a call decides who gets it, as the policy says; undefined when nothing does. Without a path: of HTTP requests. */
  hashSource(service: string, path?: string): HashSource | undefined;
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
