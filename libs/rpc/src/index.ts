export { type CallContext, currentCall, runInCall } from './call-context.js';
export type {
  CallOptions,
  Client,
  FallbackKind,
  HttpAnswer,
  HttpCall,
  Rpc,
  RpcOptions,
  UnaryAnswer,
  UnaryCall,
} from './rpc.js';
export { type CallPolicies, type HashSource } from './call-policies.js';
export { PolicyProblem, parseCallPolicies, readCallPolicies } from './read-call-policies.js';
export { createRpc } from './create-rpc.js';
export { createH2Transport } from './h2-transport.js';
export { type Attempt, AttemptFailure, type Transport } from './transport.js';
