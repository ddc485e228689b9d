import type { Instance } from '@trellis/discovery';
import { ServiceError, unavailable } from '@trellis/errors';
import { mayRetry, timeLeft } from '@trellis/resilience';
import { inAttemptSpan } from './attempt-span.js';
import { currentCall } from './call-context.js';
import { createGrpcTransport } from './grpc-transport.js';
import type { Rpc, RpcOptions, UnaryAnswer, UnaryCall } from './rpc.js';
import { Selection } from './selection.js';
import { assertWanted, termsOf } from './terms.js';
import { AttemptFailure } from './transport.js';
import { typedClient } from './typed-client.js';

/** One for each process, closed when it ends. */
export function createRpc(options: RpcOptions): Rpc {
  const { directory, logger, defaultTimeoutMs = 5_000, now = Date.now } = options;
  const transport = options.transport ?? createGrpcTransport(now);
  const selection = new Selection(directory);
  const unfollow = directory.onChange((service) => {
    selection.forget(service);
    transport.retain(new Set(directory.all().map(({ address }) => address)));
  });

  async function unary(call: UnaryCall): Promise<UnaryAnswer> {
    const { service, path, request, repeatable } = call;
    // 1. Deadline, token and end are settled once: a retry gets what the first attempt left, not a fresh start.
    const terms = termsOf(call, currentCall(), { defaultTimeoutMs, now: now() });
    const { deadline, token, signal } = terms;
    const tried: Instance[] = [];
    let failure: AttemptFailure | undefined;
    for (let attempt = 1; ; attempt++) {
      assertWanted(terms, now());
      // 2. A pick for each attempt, elsewhere than before: whoever just failed is likely to fail again.
      const instance = await selection.pick(service, path, tried, timeLeft(deadline, now()));
      if (!instance) throw failure?.error ?? noInstance(service);
      try {
        // 3. A span for each attempt, inside the pick because it names the instance.
        const message = await inAttemptSpan({ path, instance, number: attempt }, (traceHeaders) =>
          // 4. The call itself. Only here does anything leave the process.
          transport.unary({
            address: instance.address,
            path,
            request,
            deadline,
            headers: token === undefined ? traceHeaders : { ...traceHeaders, authorization: `Bearer ${token}` },
            ...(signal && { signal }),
          }),
        );
        return { message, instance };
      } catch (error) {
        // 5. One retry, outermost, where the outcome and the contract allow it.
        if (!(error instanceof AttemptFailure)) throw ServiceError.from(error);
        failure = error;
        const { outcome } = error;
        if (!mayRetry({ outcome, attempt, repeatable, timeLeft: timeLeft(deadline, now()) })) throw error.error;
        logger.debug({ path, instance: instance.id, attempt, outcome }, 'attempt failed, trying another instance');
        tried.push(instance);
      }
    }
  }

  return {
    unary,
    client: (service) => typedClient(service, unary),
    close() {
      unfollow();
      transport.close();
    },
  };
}

const noInstance = (service: string) =>
  unavailable(`No instance of ${service} takes this call`, { reason: 'NO_INSTANCE', metadata: { service } });
