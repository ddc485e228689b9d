export { type CallContext, currentCall, runInCall } from './call-context.js';
export { type CancelSignal, Cancellation } from './cancellation.js';
export type {
  CallOptions,
  Client,
  FallbackKind,
  HttpAnswer,
  HttpBody,
  HttpCall,
  HttpHeaders,
  InstanceHealth,
  Rpc,
  RpcOptions,
  UnaryAnswer,
  UnaryCall,
  UpgradeCall,
  UpgradedAnswer,
} from './rpc.js';
export { type CallPolicies, type HashSource, servicePolicy } from './policy/call-policies.js';
export { parseCallPolicies, readCallPolicies } from './policy/read-call-policies.js';
export { createRpc } from './create-rpc.js';
export { endTogether } from './http/end-together.js';
export { createH2Transport } from './grpc/h2-transport.js';
export { type Attempt, AttemptFailure, type Transport } from './transport.js';
