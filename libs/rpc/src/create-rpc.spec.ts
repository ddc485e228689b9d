import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, context } from '@opentelemetry/api';
import { ManualDirectory } from '@trellis/discovery/testing';
import { Code, notFound, unavailable } from '@trellis/errors';
import { contextFrom, inSpan } from '@trellis/telemetry';
import { recordSpans } from '@trellis/telemetry/testing';
import { ManualClock } from '@trellis/testing';
import { runInCall } from './call-context.js';
import { createRpc } from './create-rpc.js';
import type { CallPolicies } from './policy/call-policies.js';
import { ECHO, directoryOf, echoAt, quiet } from './platform.fixture.js';
import type { Rpc, UnaryCall } from './rpc.js';
import { type Attempt, AttemptFailure, type Transport } from './transport.js';

const A = echoAt('127.0.0.1:1', { id: 'a' });
const B = echoAt('127.0.0.1:2', { id: 'b' });
const CALL: UnaryCall = { service: 'echo', path: ECHO, request: new Uint8Array([1]), repeatable: true };
/** One after the other, so that a spec knows who is asked, and no wait before a retry. */
const policies: CallPolicies = { defaults: { strategy: 'round-robin' } };
const WRITE: UnaryCall = { ...CALL, repeatable: false };
const spans = recordSpans();
const clock = new ManualClock();
const tools = { logger: quiet, now: clock.now, elapsed: clock.now, random: () => 0 };

/** Notes every attempt and answers as the spec says; by default each succeeds. */
class ScriptedTransport implements Transport {
  readonly attempts: Attempt[] = [];
  readonly retained: string[][] = [];
  readonly script: (AttemptFailure | (() => AttemptFailure))[] = [];

  async unary(attempt: Attempt): Promise<Uint8Array> {
    this.attempts.push(attempt);
    const failure = this.script.shift();
    if (failure) throw typeof failure === 'function' ? failure() : failure;
    return attempt.request;
  }

  retain(addresses: ReadonlySet<string>): void {
    this.retained.push([...addresses]);
  }

  close(): void {
    this.retain(new Set());
  }
}

let transport: ScriptedTransport;
let directory: ManualDirectory;
let rpc: Rpc;

beforeEach(() => {
  spans.reset();
  transport = new ScriptedTransport();
  directory = directoryOf(A, B);
  rpc = createRpc({ directory, policies, ...tools, transport });
});
afterEach(() => rpc.close());

const unsent = new AttemptFailure('unsent', unavailable('refused', { reason: 'CONNECT_FAILED' }));
const unknown = new AttemptFailure('unknown', unavailable('lost', { reason: 'CONNECTION_LOST' }));
const asked = () => transport.attempts.map(({ address }) => (address === A.address ? 'a' : 'b'));

describe('the pick', () => {
  it('goes round the instances', async () => {
    const answers = [await rpc.unary(CALL), await rpc.unary(CALL), await rpc.unary(CALL)];
    expect(answers.map(({ instance }) => instance?.id)).toEqual(['a', 'b', 'a']);
  });

  it('asks only instances whose contract has the service', async () => {
    directory.set(echoAt(A.address, { id: 'a', grpcServices: ['test.v2.EchoService'] }), B);
    await rpc.unary(CALL);
    await rpc.unary(CALL);
    expect(asked()).toEqual(['b', 'b']);
  });

  it('fails at once when nobody is there', async () => {
    directory.set();
    await expect(rpc.unary(CALL)).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: 'NO_INSTANCE' });
    expect(transport.attempts).toEqual([]);
  });

  it('waits for the first list of the registry', async () => {
    const empty = new ManualDirectory();
    const early = createRpc({ directory: empty, ...tools, transport });
    const answer = early.unary(CALL);
    empty.set(A);
    expect((await answer).instance?.id).toBe('a');
    early.close();
  });

  it('fails when the registry was never heard of', async () => {
    const silent = new ManualDirectory();
    const early = createRpc({ directory: silent, ...tools, transport });
    const answer = early.unary(CALL);
    silent.giveUp();
    await expect(answer).rejects.toMatchObject({ reason: 'NO_INSTANCE' });
    early.close();
  });
});

describe('the retry', () => {
  it('goes to another instance', async () => {
    transport.script.push(unknown);
    expect((await rpc.unary(CALL)).instance?.id).toBe('b');
    expect(asked()).toEqual(['a', 'b']);
  });

  it('sends a write again only when it never left', async () => {
    transport.script.push(unsent);
    await rpc.unary({ ...CALL, repeatable: false });
    transport.script.push(unknown);
    await expect(rpc.unary({ ...CALL, repeatable: false })).rejects.toBe(unknown.error);
    expect(asked()).toEqual(['a', 'b', 'a']);
  });

  it('never asks twice for an answer', async () => {
    transport.script.push(new AttemptFailure('final', notFound('no such post')));
    await expect(rpc.unary(CALL)).rejects.toMatchObject({ message: 'no such post' });
    expect(asked()).toEqual(['a']);
  });

  it('asks nobody twice', async () => {
    transport.script.push(unsent, unknown);
    await expect(rpc.unary(CALL)).rejects.toBe(unknown.error);
    expect(asked()).toEqual(['a', 'b']);
  });

  it('needs another instance: alone, the failure stands', async () => {
    directory.set(A);
    transport.script.push(unsent);
    await expect(rpc.unary(CALL)).rejects.toBe(unsent.error);
    expect(asked()).toEqual(['a']);
  });

  it('does not happen after the deadline', async () => {
    transport.script.push(() => {
      clock.advance(5_000);
      return unknown;
    });
    await expect(rpc.unary(CALL)).rejects.toBe(unknown.error);
    expect(asked()).toEqual(['a']);
  });

  it('does not happen once the caller has gone', async () => {
    const caller = new AbortController();
    transport.script.push(() => {
      caller.abort();
      return unknown;
    });
    await expect(rpc.unary({ ...CALL, signal: caller.signal })).rejects.toMatchObject({ code: Code.CANCELLED });
    expect(asked()).toEqual(['a']);
  });
});

describe('the call being served', () => {
  const signal = new AbortController().signal;

  it('hands on its deadline and token', async () => {
    const deadline = clock.now() + 1_200;
    await runInCall({ deadline, token: 'abc', signal }, () => rpc.unary(WRITE));
    expect(transport.attempts[0]).toMatchObject({ deadline, headers: { authorization: 'Bearer abc' } });
  });

  it('is never outlasted, and a token of the call itself goes first', async () => {
    const deadline = clock.now() + 1_200;
    await runInCall({ deadline, token: 'abc', signal }, async () => {
      await rpc.unary({ ...WRITE, deadline: deadline + 9_000, token: 'own' });
      await rpc.unary({ ...WRITE, deadline: deadline - 1_000 });
    });
    expect(transport.attempts[0]).toMatchObject({ deadline, headers: { authorization: 'Bearer own' } });
    expect(transport.attempts[1]?.deadline).toBe(deadline - 1_000);
  });

  it('ends what is called for it', async () => {
    const served = new AbortController();
    served.abort();
    const call = () => rpc.unary({ ...CALL, signal });
    await expect(runInCall({ deadline: clock.now() + 1, signal: served.signal }, call)).rejects.toMatchObject({
      code: Code.CANCELLED,
    });
    await expect(runInCall({ deadline: clock.now(), signal }, call)).rejects.toMatchObject({
      code: Code.DEADLINE_EXCEEDED,
    });
    expect(transport.attempts).toEqual([]);
  });

  it.each(['OVERLOADED', 'DRAINING', 'DEADLINE_PASSED'])(
    'has begun, so its caller is not told that it was not: %s of what it called is not its own',
    async (reason) => {
      const refused = () => new AttemptFailure('final', unavailable('not here', { reason }));
      transport.script.push(refused, refused);
      const serving = runInCall({ deadline: clock.now() + 1_000, signal }, () => rpc.unary(WRITE));
      await expect(serving).rejects.toMatchObject({ message: 'not here', reason: `DEPENDENCY_${reason}` });
      transport.script.push(refused, refused);
      await expect(rpc.unary(WRITE)).rejects.toMatchObject({ reason }); // nobody is served: whoever asked hears it as it is
    },
  );

  it('is not needed: then a call has the default time and no token', async () => {
    await rpc.unary(WRITE);
    expect(transport.attempts[0]).toMatchObject({ deadline: clock.now() + 5_000, headers: {} });
    expect(transport.attempts[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('the trace', () => {
  it('shows each attempt, whom it asked and how it ended', async () => {
    transport.script.push(unsent);
    await inSpan('request', {}, () => rpc.unary(CALL));
    const [first, second, request] = spans.getFinishedSpans();
    expect([first?.parentSpanContext?.spanId, second?.parentSpanContext?.spanId]).toEqual(
      Array(2).fill(request?.spanContext().spanId),
    );
    const shared = {
      'rpc.system.name': 'grpc',
      'rpc.method': 'test.v1.EchoService/Echo',
      'server.address': '127.0.0.1',
    };
    expect(first).toMatchObject({
      name: 'test.v1.EchoService/Echo',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.ERROR },
      attributes: {
        ...shared,
        'server.port': 1,
        'trellis.instance': 'a',
        'trellis.attempt': 1,
        'rpc.status_code': 'UNAVAILABLE',
        'error.type': 'UNAVAILABLE',
      },
    });
    expect(second).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        ...shared,
        'server.port': 2,
        'trellis.instance': 'b',
        'trellis.attempt': 2,
        'rpc.status_code': 'OK',
      },
    });
  });

  it('is handed on as the child of the attempt', async () => {
    await rpc.unary(CALL);
    const { traceId, spanId } = spans.getFinishedSpans()[0]?.spanContext() ?? {};
    expect(transport.attempts[0]?.headers).toMatchObject({ traceparent: `00-${traceId}-${spanId}-01` });
  });

  it('goes on in Zipkin’s headers too where the policy asks for them, recorded or not', async () => {
    const id = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331';
    rpc.use({ defaults: { b3: 'single' } });
    await context.with(contextFrom({ traceparent: `00-${id}-00` }), () => rpc.unary(CALL));
    expect(transport.attempts[0]?.headers).toEqual({ traceparent: `00-${id}-00`, b3: `${id}-0` });
    rpc.use({ services: { echo: { b3: 'multi' } } });
    await rpc.unary(CALL);
    const { traceId, spanId } = spans.getFinishedSpans()[0]?.spanContext() ?? {};
    expect(transport.attempts[1]?.headers).toMatchObject({
      'x-b3-traceid': traceId,
      'x-b3-spanid': spanId,
      'x-b3-sampled': '1',
    });
  });

  it('that nobody records costs no span, and is handed on as such', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    await context.with(contextFrom({ traceparent }), () => rpc.unary(CALL));
    expect(transport.attempts[0]?.headers).toEqual({ traceparent });
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});

it('lets go of instances that left', () => {
  directory.set(B);
  rpc.close();
  directory.set(A);
  expect(transport.retained).toEqual([[B.address], []]);
});
