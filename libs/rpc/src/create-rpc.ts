import { codeName } from '@trellis/errors';
import { currentCall } from './call-context.js';
import { CallMetrics } from './upstream/call-metrics.js';
import type { HashSource } from './policy/call-policies.js';
import { type AnyCall, type Flight, type Layer, flightOf } from './layers/flight.js';
import { createH2Transport } from './grpc/h2-transport.js';
import { grpcWire } from './grpc/grpc-wire.js';
import { hedged } from './layers/hedged.js';
import { httpAnswer, mayRepeat } from './http/http-answer.js';
import type { HttpReply } from './http/http-reply.js';
import { HttpRefused } from './http/http-refused.js';
import { type WireCall, httpWire } from './http/http-wire.js';
import type { Method } from './upstream/method.js';
import { probes } from './health/probe.js';
import { oneAttempt } from './layers/one-attempt.js';
import type {
  CallOptions,
  HttpAnswer,
  HttpCall,
  Rpc,
  RpcOptions,
  UnaryAnswer,
  UnaryCall,
  UpgradedAnswer,
} from './rpc.js';
import { unarySubstitutes } from './layers/substitutes.js';
import { errorOf, termsOf } from './terms.js';
import { typedClient } from './typed-client.js';
import { passedUp } from './layers/verdict.js';
import { Upstreams } from './upstream/upstreams.js';
import type { Wire } from './wire.js';
import { withBreaker } from './layers/with-breaker.js';
import { withBulkhead } from './layers/with-bulkhead.js';
import { type Substitutes, withFallback } from './layers/with-fallback.js';
import { withRetries } from './layers/with-retries.js';

/** One for each process, closed when it ends. */
export function createRpc(options: RpcOptions): Rpc {
  const { directory, logger, policies = {}, zone = '', client = '', defaultTimeoutMs = 5_000 } = options;
  const { now = Date.now, elapsed = monotonic, random = Math.random } = options;
  const transport = options.transport ?? createH2Transport(now);
  const http = httpWire(now);
  const tools = { directory, logger, now, elapsed, random };
  const upstreams = new Upstreams({ ...tools, policies, zone, client, probes: probes({ http, transport, now }) });
  const metrics = new CallMetrics(() => upstreams.all(), elapsed);
  const unfollow = directory.onChange(() => transport.retain(new Set(directory.all().map(({ address }) => address))));

  /** The way of a call, from outside in. */
  function stack<Call extends AnyCall, Answer>(
    wire: Wire<Call, Answer>,
    substitutes?: Substitutes<Call, Answer>,
  ): Layer<Call, Answer> {
    // 6. One try: pick an instance from the pool → open a span → send → report to the pool how it went.
    const attempt = oneAttempt(wire, tools);
    // 5. A second instance is asked when one is slow. Inside the retries: to them, both together are one try.
    const hedging = hedged(attempt, tools);
    // 4. Another instance is tried where contract, outcome and budget allow it.
    const retries = withRetries(hedging, tools);
    // 3. Around the retries: what they made good is no failure of the service, and an open circuit ends them too.
    const breaker = withBreaker(retries, tools);
    // 2. Before the breaker: a call that this process has no room for says nothing about the service.
    const bulkhead = withBulkhead(breaker, now);
    // 1. Outermost: whatever failed within, there may be a next best answer. A backup is called through all the rest.
    return withFallback(bulkhead, { now, methodOf: (service, path) => upstreams.sameOf(service, path), substitutes });
  }

  const unaryStack = stack(grpcWire(transport, now), unarySubstitutes(elapsed, logger));
  const httpStack = stack(http);

  /** 0. Deadline, token and end are settled once: a retry gets what the first attempt left, not a fresh start. */
  const settle = (call: CallOptions, { policy: { timeout } }: Method) =>
    termsOf(call, currentCall(), { defaultTimeoutMs, timeout, now: now() });

  /** What the caller hears. Within a call that is being served its caller may hear it too. */
  const passedOn = (failure: unknown) => (currentCall() ? passedUp(errorOf(failure)) : errorOf(failure));

  function unary(call: UnaryCall): Promise<UnaryAnswer> {
    const began = elapsed();
    const method = upstreams.grpc(call.service, call.path);
    const flight = flightOf(call, method, settle(call, method), call.repeatable);
    return unaryStack(flight).then(
      (message) => {
        metrics.record('rpcClientDuration', method, 'OK', elapsed() - began);
        return { message, ...courseOf(flight) };
      },
      (failure: unknown) => {
        const error = passedOn(failure);
        metrics.record('rpcClientDuration', method, codeName(error.code), elapsed() - began);
        throw error;
      },
    );
  }

  function request(call: HttpCall, repeatable: boolean): Promise<HttpAnswer>;
  function request(call: WireCall, repeatable: boolean): Promise<HttpAnswer | UpgradedAnswer>;
  function request(call: WireCall, repeatable: boolean): Promise<HttpAnswer | UpgradedAnswer> {
    const began = elapsed();
    const method = upstreams.http(call.service, call.version);
    const flight = flightOf(call, method, settle(call, method), repeatable);
    const answered = (reply: HttpReply): HttpAnswer | UpgradedAnswer => {
      metrics.record('httpClientDuration', method, String(reply.status), elapsed() - began);
      return httpAnswer(reply, flight);
    };
    return httpStack(flight).then(answered, (failure: unknown) => {
      // There was no better answer than this refusal: it is the service's word, and passed on.
      if (failure instanceof HttpRefused) return answered(failure.reply);
      const error = passedOn(failure);
      metrics.record('httpClientDuration', method, codeName(error.code), elapsed() - began);
      throw error;
    });
  }

  function hashSource(service: string, path?: string): HashSource | undefined {
    const { hashed, policy } = path === undefined ? upstreams.http(service) : upstreams.grpc(service, path);
    return hashed ? policy.hash : undefined;
  }

  return {
    unary,
    http: (call) => request(call, mayRepeat(call)),
    upgrade: ({ protocol, ...call }) => request({ ...call, method: 'GET', upgrade: protocol }, false),
    client: (service) => typedClient(service, { unary, hashSource }),
    hashSource,
    health: () => [...upstreams.all()].flatMap(({ health }) => health?.states() ?? []),
    use: (policies) => upstreams.use(policies),
    close() {
      unfollow();
      upstreams.close();
      metrics.close();
      transport.close();
      http.close();
    },
  };
}

/** Who was asked, how often, and whether the answer is a fallback's. */
const courseOf = ({ instance, tried, fallback }: Flight<AnyCall>) => ({
  instance,
  attempts: tried.length,
  ...(fallback && { fallback }),
});

/** Of a clock that nobody sets. */
const monotonic = (): number => performance.now();
