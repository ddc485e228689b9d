import type { DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { CallOptions } from './rpc.js';

/** One function for each unary method of the contract, named as in TypeScript: `getPost`. Streams are not part of it. */
export type Client<S extends DescService> = {
  readonly [M in keyof S['method'] as S['method'][M] extends DescMethodUnary ? M : never]: (
    request: MessageInitShape<S['method'][M]['input']>,
    options?: CallOptions,
  ) => Promise<MessageShape<S['method'][M]['output']>>;
};
