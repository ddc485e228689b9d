import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from '@trellis/contracts/grpc/health/v1';
import type { Address } from '../announce/address.js';
import { safeLookup } from './safe-lookup.js';

/** A status is two bytes; more is not read. */
const MAX_ANSWER = 1_024;
/** Of gRPC's framing: a flag and the length. */
const HEAD = 5;

const PATH = `/${Health.typeName}/${Health.method.check.name}`;
const QUESTION = frame(toBinary(HealthCheckRequestSchema, create(HealthCheckRequestSchema)));

/** Whether `grpc.health.v1.Health/Check` for the whole server is answered with SERVING before the signal. */
export function probeGrpc({ host, port }: Address, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connectTcp({ host, port, lookup: safeLookup });
  const session = connect(`http://${host.includes(':') ? `[${host}]` : host}:${port}`, {
    createConnection: () => socket,
  });
  const done = (healthy: boolean): void => {
    resolve(healthy);
    session.destroy();
    socket.destroy();
  };
  const giveUp = (): void => done(false);
  signal.addEventListener('abort', giveUp, { once: true });
  void promise.then(() => signal.removeEventListener('abort', giveUp));
  session.on('error', giveUp);
  session.on('close', giveUp);
  const call = session.request({
    ':method': 'POST',
    ':path': PATH,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let answer = Buffer.alloc(0);
  call.on('data', (chunk: Buffer) => {
    answer = Buffer.concat([answer, chunk]);
    if (answer.length > MAX_ANSWER) done(false);
  });
  call.on('end', () => done(isServing(answer)));
  call.on('error', giveUp);
  call.end(QUESTION);
  return promise;
}

function isServing(answer: Buffer): boolean {
  if (answer.length < HEAD || answer.readUInt8(0) !== 0 || answer.readUInt32BE(1) !== answer.length - HEAD)
    return false;
  try {
    return fromBinary(HealthCheckResponseSchema, answer.subarray(HEAD)).status === Status.SERVING;
  } catch {
    return false; // something else answers there
  }
}

function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
