import type { Socket } from 'node:net';
import type { Broker } from '../broker.js';
import type { Logger } from '../logger.js';
import { MalformedRequest } from '../wire/reader.js';
import { answerRequest } from './answer-request.js';
import { Frames } from './frames.js';

export interface ConnectionLimits {
  readonly maxRequestBytes: number;
  /** Of incomplete requests, over all connections. */
  readonly maxPendingBytes: number;
  /** From the first to the last byte of a request, and of an answer. */
  readonly transferWithinMs: number;
}

export interface Served {
  readonly broker: Broker;
  readonly address: { readonly host: string; readonly port: number };
  readonly limits: ConnectionLimits;
  readonly logger: Logger;
  /** Incomplete requests of all connections in bytes, kept by them together. */
  readonly pending: { bytes: number };
}

/**
 * Serves one client until it goes or misbehaves. Requests are done one after the other, as Kafka does: the next one is
 * not even read while an answer is on its way, so a client that does not listen cannot pile up memory here.
 */
export async function serveConnection(socket: Socket, served: Served): Promise<void> {
  const { broker, address, limits, logger, pending } = served;
  const gone = new AbortController();
  socket.once('close', () => gone.abort()).once('error', () => socket.destroy());
  const clientHost = `/${socket.remoteAddress ?? ''}`; // with a slash, as Java prints it and tools expect it
  const frames = new Frames(limits.maxRequestBytes);
  let counted = 0;
  let deadline: NodeJS.Timeout | undefined;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      const requests = frames.push(chunk);
      pending.bytes += frames.pending - counted;
      counted = frames.pending;
      if (pending.bytes > limits.maxPendingBytes) throw new MalformedRequest('Too many bytes of incomplete requests');
      for (const request of requests) {
        clearTimeout(deadline);
        deadline = undefined;
        const answer = await answerRequest(request, { broker, address, clientHost, signal: gone.signal });
        if (answer) await send(socket, answer, limits.transferWithinMs);
      }
      if (frames.pending > 0) deadline ??= setTimeout(() => socket.destroy(), limits.transferWithinMs);
    }
  } catch (error) {
    if (!gone.signal.aborted) logger.warn({ err: error, client: clientHost }, 'A connection is closed');
  } finally {
    clearTimeout(deadline);
    pending.bytes -= counted;
    socket.destroy();
  }
}

/** Resolves when the kernel has it all. */
function send(socket: Socket, answer: Buffer, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => socket.destroy(new Error('The client does not read its answer')), withinMs);
    socket.write(answer, (error) => {
      clearTimeout(deadline);
      if (error) reject(error);
      else resolve();
    });
  });
}
