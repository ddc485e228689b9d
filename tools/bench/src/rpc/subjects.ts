import { create } from '@bufbuild/protobuf';
import { BytesValueSchema } from '@bufbuild/protobuf/wkt';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import { watchRegistry } from '@trellis/discovery';
import { createH2Transport, createRpc } from '@trellis/rpc';
import { createLogger } from '@trellis/telemetry';
import { ECHO_PATH, MESSAGE, PAYLOAD, TIMEOUT_MS, TOKEN, TRACEPARENT, echoMethod } from './echo-service.js';
import type { RegistryAccess } from '../own-registry.js';

type Call = () => Promise<unknown>;

/** Whom to call: the instances' addresses, and where a list of them is to be had. */
export interface Target {
  readonly addresses: readonly string[];
  readonly registry: RegistryAccess;
}

/** How each of them calls, spread evenly over the addresses, with a token, a traceparent and a deadline. */
export const SUBJECTS = { trellis, transport, 'grpc-js': grpcJs, 'connect-node': connectNode } as const;
export type Subject = keyof typeof SUBJECTS;

/** The whole of libs/rpc as services use it, with the list of instances from a registry. */
async function trellis({ registry }: Target): Promise<Call> {
  const logger = createLogger({ name: 'bench', level: 'error' });
  const directory = watchRegistry({ ...registry, logger });
  if (!(await directory.ready(10_000))) throw new Error('The registry has no list');
  const rpc = createRpc({ directory, logger });
  return () =>
    rpc.unary({
      service: 'echo',
      path: ECHO_PATH,
      request: MESSAGE,
      repeatable: true,
      deadline: Date.now() + TIMEOUT_MS,
      token: TOKEN,
    });
}

/** Only what carries the bytes: the difference to the above is what the stack costs. */
function transport({ addresses }: Target): Call {
  const bare = createH2Transport();
  const headers = { authorization: `Bearer ${TOKEN}`, traceparent: TRACEPARENT };
  const next = inTurn(addresses);
  return () =>
    bare.unary({ address: next(), path: ECHO_PATH, request: MESSAGE, deadline: Date.now() + TIMEOUT_MS, headers });
}

function grpcJs({ addresses }: Target): Call {
  const client = new Client(`ipv4:${addresses.join(',')}`, credentials.createInsecure(), {
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  });
  const asIs = (bytes: Buffer): Buffer => bytes;
  return () =>
    new Promise((resolve, reject) => {
      const metadata = new Metadata();
      metadata.set('authorization', `Bearer ${TOKEN}`);
      metadata.set('traceparent', TRACEPARENT);
      const options = { deadline: Date.now() + TIMEOUT_MS };
      client.makeUnaryRequest(ECHO_PATH, asIs, asIs, MESSAGE, metadata, options, (error, message) =>
        error ? reject(error) : resolve(message),
      );
    });
}

/** It balances nothing itself: a transport for each address. */
function connectNode({ addresses }: Target): Call {
  const method = echoMethod();
  const next = inTurn(addresses.map((address) => createGrpcTransport({ baseUrl: `http://${address}` })));
  const headers = { authorization: `Bearer ${TOKEN}`, traceparent: TRACEPARENT };
  return () => next().unary(method, undefined, TIMEOUT_MS, headers, create(BytesValueSchema, { value: PAYLOAD }));
}

function inTurn<T>(all: readonly T[]): () => T {
  let turn = 0;
  return () => {
    const one = all[turn++ % all.length];
    if (one === undefined) throw new Error('Nobody to call');
    return one;
  };
}
