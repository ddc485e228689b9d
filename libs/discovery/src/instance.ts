/**
 * What an instance says of itself, or the registry of it. SUSPECT: its session broke a moment ago and its fate is not known
 * yet. PENDING: its contract waits for an operator.
 */
export type InstanceState = 'SERVING' | 'NOT_SERVING' | 'DRAINING' | 'SUSPECT' | 'PENDING';

export type Protocol = 'grpc' | 'http';

/** One running copy of a service, as the registry or a list of hosts knows it. */
export interface Instance {
  /** Unique among all instances of all services. */
  readonly id: string;
  /** Name of the service, such as "blog". */
  readonly service: string;
  /** Empty where nobody says. */
  readonly version: string;
  /** `host:port`. */
  readonly address: string;
  readonly protocol: Protocol;
  readonly state: InstanceState;
  readonly zone: string;
  /** Share of the load relative to the other instances; 100 is the ordinary one. */
  readonly weight: number;
  /** Of one that registered itself, `pid` and `start_time` (RFC 3339) are there. */
  readonly metadata: Readonly<Record<string, string>>;
  /** SHA-256 of the contract's descriptor set in hex; empty when the instance has no contract. */
  readonly contractHash: string;
  /** Full names of the gRPC services that it answers, such as "trellis.blog.v1.BlogService". */
  readonly grpcServices: readonly string[];
  /** Their methods in the announced contract, such as "trellis.blog.v1.BlogService/GetPost"; empty without a contract. */
  readonly grpcMethods: readonly string[];
  /** Free words to select by, such as "canary". */
  readonly tags: readonly string[];
}
