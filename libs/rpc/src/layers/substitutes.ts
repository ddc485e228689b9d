import { createHash } from 'node:crypto';
import { type DescMessage, fromJson, toBinary } from '@bufbuild/protobuf';
import type { Logger } from '@trellis/telemetry';
import type { Flight } from './flight.js';
import type { Method } from '../upstream/method.js';
import type { UnaryCall } from '../rpc.js';
import type { Substitutes } from './with-fallback.js';

/** The last good and the prepared answers of unary calls. */
export function unarySubstitutes(
  elapsed: () => number,
  logger: Pick<Logger, 'warn'>,
): Substitutes<UnaryCall, Uint8Array> {
  const prepared = new WeakMap<Method, Uint8Array | undefined>();
  return {
    keep(flight, answer) {
      const { lastGood } = flight.method;
      // A copy: the answer is its receiver's to change, and part of a larger piece of memory.
      lastGood?.keep(question(flight), new Uint8Array(answer), answer.length, elapsed());
    },
    lastGood: (flight) => flight.method.lastGood?.find(question(flight), elapsed())?.answer.slice(),
    prepared({ method, call: { output } }, { answer }) {
      if (answer === undefined || !output) return undefined;
      if (!prepared.has(method)) prepared.set(method, encode(output, answer, method, logger));
      return prepared.get(method)?.slice();
    },
  };
}

/** Callers see different things, so an answer is good only for who asked. What was asked is hashed: it may be long. */
function question({ call: { request }, terms: { token = '' } }: Flight<UnaryCall>): string {
  return createHash('sha256').update(token).update('\n').update(request).digest('base64');
}

function encode(
  output: DescMessage,
  answer: Parameters<typeof fromJson>[1],
  { upstream: { service }, path }: Method,
  logger: Pick<Logger, 'warn'>,
): Uint8Array | undefined {
  try {
    return toBinary(output, fromJson(output, answer));
  } catch (error) {
    logger.warn({ service, path, err: error }, `the prepared answer of the call policies is no ${output.typeName}`);
    return undefined;
  }
}
