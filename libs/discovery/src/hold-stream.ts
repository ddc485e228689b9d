import type { StatusObject } from '@grpc/grpc-js';
import type { ServiceError } from '@trellis/errors';
import type { Outcome } from './reconnect.js';
import { statusError } from './registry-client.js';

/** A registry that accepts a connection and says nothing may be frozen: milliseconds until the next attempt. */
const ESTABLISH_WITHIN = 10_000;

/** The part of grpc-js's client streams that all kinds share. */
interface IncomingStream<Message> {
  on(event: 'data', listener: (message: Message) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'status', listener: (status: StatusObject) => void): unknown;
  cancel(): void;
}

export interface StreamListener<Message> {
  /** Before `onMessage` has the same message. */
  readonly onFirst?: (message: Message) => void;
  readonly onMessage?: (message: Message) => void;
  readonly onEnd: (error: ServiceError | undefined) => void;
}

/** Listens to a stream until its end, which the signal brings about. It is established with its first message. */
export function holdStream<Message>(
  stream: IncomingStream<Message>,
  signal: AbortSignal,
  { onFirst, onMessage, onEnd }: StreamListener<Message>,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let established = false;
  const cancel = (): void => stream.cancel();
  const silence = setTimeout(cancel, ESTABLISH_WITHIN);
  signal.addEventListener('abort', cancel);
  stream.on('data', (message) => {
    if (!established) {
      established = true;
      clearTimeout(silence);
      onFirst?.(message);
    }
    onMessage?.(message);
  });
  stream.on('error', () => undefined); // it only repeats the status, and unheard it would end the process
  stream.on('status', (status) => {
    clearTimeout(silence);
    signal.removeEventListener('abort', cancel);
    const error = statusError(status);
    onEnd(error);
    resolve({ established, error });
  });
  return promise;
}
