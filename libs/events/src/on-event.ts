import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { SqlTransaction } from './sql-transaction.js';

/** What a handler gets beside the event. */
export interface Delivery<Tx extends SqlTransaction = SqlTransaction> {
  /** The CloudEvents id. */
  readonly id: string;
  /** When it was published: when the row was written, before its transaction committed. */
  readonly time: Date;
  /** Id of the aggregate that the event is about. */
  readonly key: string;
  /** The effect belongs in this transaction: then it happens exactly once. */
  readonly tx: Tx;
}

/** A decorated method, bound to its object. */
export interface EventHandler<Tx extends SqlTransaction> {
  readonly schema: DescMessage;
  readonly handle: (event: MessageShape<DescMessage>, delivery: Delivery<Tx>) => Promise<void>;
}

/** `never`, so that a handler may ask for the transaction of any database: the consumer's is the one it gets. */
type HandlerMethod<Schema extends DescMessage> = (
  event: MessageShape<Schema>,
  delivery: Delivery<never>,
) => Promise<void>;

const marks = new WeakMap<object, Map<string | symbol, DescMessage>>();

/** Marks a method that handles one type of event: `(event, delivery) => Promise<void>`. */
export function OnEvent<Schema extends DescMessage>(schema: Schema) {
  return <Method extends HandlerMethod<Schema>>(
    prototype: object,
    method: string | symbol,
    _descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    const own = marks.get(prototype) ?? new Map<string | symbol, DescMessage>();
    marks.set(prototype, own.set(method, schema));
  };
}

/** The decorated methods of an object, inherited ones included. */
export function eventHandlers<Tx extends SqlTransaction>(object: object): EventHandler<Tx>[] {
  const schemas = new Map<string | symbol, DescMessage>();
  for (let prototype = Object.getPrototypeOf(object); prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const [method, schema] of marks.get(prototype) ?? []) {
      if (!schemas.has(method)) schemas.set(method, schema);
    }
  }
  return [...schemas].map(([method, schema]) => {
    const handle = Reflect.get(object, method) as EventHandler<Tx>['handle'];
    return { schema, handle: handle.bind(object) };
  });
}
