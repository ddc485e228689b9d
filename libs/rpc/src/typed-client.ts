import {
  type DescMessage,
  type DescService,
  type MessageInitShape,
  type MessageShape,
  create,
  fromBinary,
  toBinary,
} from '@bufbuild/protobuf';
import { methodPolicy, serviceName } from '@trellis/contracts';
import type { CallOptions, Client, Rpc } from './rpc.js';

/** The typed form of `unary` for one service. */
export function typedClient<S extends DescService>(
  service: S,
  { unary, hashSource }: Pick<Rpc, 'unary' | 'hashSource'>,
): Client<S> {
  const name = serviceName(service);
  const calls = service.methods
    .filter((method) => method.methodKind === 'unary')
    .map((method) => {
      const { input, output } = method;
      const path = `/${service.typeName}/${method.name}`;
      const { repeatable } = methodPolicy(method);
      const hashKeyIn = fieldReader(input);
      const call = async (init: MessageInitShape<typeof input>, options?: CallOptions) => {
        const message = create(input, init);
        const request = toBinary(input, message);
        const field = hashSource(name, path)?.field;
        const hashKey = field === undefined ? undefined : hashKeyIn(message, field);
        const answer = await unary({
          ...options,
          service: name,
          path,
          request,
          repeatable,
          output,
          ...(hashKey !== undefined && { hashKey }),
        });
        return fromBinary(output, answer.message);
      };
      return [method.localName, call] as const;
    });
  const client: Record<string, unknown> = Object.fromEntries(calls);
  return client as Client<S>; // one entry for each unary method, as the type says
}

/** Reads the field, spelled as in the contract, by which calls are kept together. A message has it or the policy is void. */
function fieldReader<M extends DescMessage>(input: M): (message: MessageShape<M>, name: string) => string | undefined {
  const names = new Map(
    input.fields
      .filter(({ fieldKind }) => fieldKind === 'scalar' || fieldKind === 'enum')
      .map(({ name, localName }) => [name, localName] as const),
  );
  return (message, name) => {
    const value: unknown = message[names.get(name) as keyof typeof message];
    return value === undefined || value === '' ? undefined : String(value);
  };
}
