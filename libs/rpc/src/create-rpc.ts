import type { Rpc, RpcOptions } from './rpc.js';

/** One for each process, closed when it ends. */
export function createRpc(_options: RpcOptions): Rpc {
  throw new Error('not built yet');
}
