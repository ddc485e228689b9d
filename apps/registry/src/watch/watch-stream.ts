import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { WatchRequest, WatchResponseSchema } from '@trellis/contracts/registry/v1';
import { deadlineExceeded } from '@trellis/errors';
import type { StreamCall } from '@trellis/service-defaults';
import type { HeldGrant } from '../credentials/credentials-file.js';
import type { Registry } from '../registry.js';
import type { WatchSink } from './watcher.js';

/** A message that its reader does not take by then is not kept for it any longer. Milliseconds. */
const READ_WITHIN = 30_000;

export type WatchStream = ServerWritableStream<WatchRequest, MessageInitShape<typeof WatchResponseSchema> | Uint8Array>;

/** Follows the catalogue until the caller goes, its credential is taken back or the registry ends. */
export function watchOverGrpc(
  stream: WatchStream,
  { signal, fail }: Pick<StreamCall, 'signal' | 'fail'>,
  registry: Registry,
  hold: (lost: (error: unknown) => void) => HeldGrant,
): void {
  if (signal.aborted) return;
  const held = hold(fail);
  signal.addEventListener('abort', () => held.release(), { once: true });
  const { service, epoch, revision, deflate } = stream.request;
  const unwatch = registry.watch(held.grant.service, sinkOf(stream, deflate, fail), {
    service: service || undefined,
    from: epoch === '' ? undefined : { epoch, revision },
  });
  signal.addEventListener('abort', unwatch, { once: true });
}

/** One message at a time: a reader that is slow holds one of them in memory, and gets more with the next. */
function sinkOf(stream: WatchStream, deflate: boolean, fail: StreamCall['fail']): WatchSink {
  let drained: () => void = () => undefined;
  const giveUp = (): void =>
    fail(deadlineExceeded(`Nothing was read for ${READ_WITHIN} ms`, { reason: 'WATCHER_TOO_SLOW' }));
  return {
    write: (message) => {
      const stuck = setTimeout(giveUp, READ_WITHIN).unref();
      stream.write(deflate ? message.deflated : message.bytes, () => {
        clearTimeout(stuck);
        drained();
      });
      return false;
    },
    onDrain: (listener) => (drained = listener),
  };
}
