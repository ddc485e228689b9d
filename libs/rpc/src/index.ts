export { type CallContext, currentCall, runInCall } from './call-context.js';
export type { CallOptions, Client, Rpc, RpcOptions, UnaryAnswer, UnaryCall } from './rpc.js';
export { createRpc } from './create-rpc.js';
export { type Attempt, AttemptFailure, type Transport } from './transport.js';
