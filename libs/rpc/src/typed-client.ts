import { type DescService, type MessageInitShape, create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { methodPolicy, serviceName } from '@trellis/contracts';
import type { CallOptions, Client, Rpc } from './rpc.js';

/** The typed form of `unary` for one service. */
export function typedClient<S extends DescService>(service: S, unary: Rpc['unary']): Client<S> {
  const name = serviceName(service);
  const calls = service.methods
    .filter((method) => method.methodKind === 'unary')
    .map((method) => {
      const path = `/${service.typeName}/${method.name}`;
      const { repeatable } = methodPolicy(method);
      const call = async (request: MessageInitShape<typeof method.input>, options?: CallOptions) => {
        const binary = toBinary(method.input, create(method.input, request));
        const { message } = await unary({ ...options, service: name, path, request: binary, repeatable });
        return fromBinary(method.output, message);
      };
      return [method.localName, call] as const;
    });
  const client: Record<string, unknown> = Object.fromEntries(calls);
  return client as Client<S>; // one entry for each unary method, as the type says
}
