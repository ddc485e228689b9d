import type { DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Directory, Instance } from '@trellis/discovery';
import type { Logger } from '@trellis/telemetry';
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
}

export interface UnaryAnswer {
  /** The answer's message in binary form. */
  readonly message: Uint8Array;
  /** Who answered. */
  readonly instance: Instance;
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
   * Throws ServiceError only: what the service answered, or UNAVAILABLE with reason NO_INSTANCE, CONNECT_FAILED or
   * CONNECTION_LOST, DEADLINE_EXCEEDED, CANCELLED.
   */
  unary(call: UnaryCall): Promise<UnaryAnswer>;
  /** Typed calls; the service's name and what may be repeated come from the contract. */
  client<S extends DescService>(service: S): Client<S>;
  close(): void;
}

export interface RpcOptions {
  readonly directory: Directory;
  readonly logger: Pick<Logger, 'debug'>;
  /** Deadline of a call that neither has one nor inherits one; 5,000 unless told. */
  readonly defaultTimeoutMs?: number;
  /** gRPC over grpc-js unless told. */
  readonly transport?: Transport;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}
